// The till's dialogs: discount, one line, park.

import { setQuantity } from './cart.js';
import { parse, percent, toInput } from './money.js';
import { wrong } from './notice.js';
import { all, find, on } from './page.js';

const PERCENT = { exponent: 2, sign: '%', group: '', point: '.' };

/** Wires the discount on the whole sale; `change()` is called after it changed. */
export function discountSheet(sale, currency, change) {
  const sheet = find('#discount');
  const value = find('#discount-value');
  let kind = 'percent';

  function choose(next) {
    kind = next;
    for (const button of all('[data-kind]', sheet)) button.setAttribute('aria-pressed', button.dataset.kind === kind);
    find('[data-presets]', sheet).hidden = kind !== 'percent';
    find('[data-label]', sheet).textContent = kind === 'percent' ? 'Percent off' : `Amount off, ${currency.sign.trim()}`;
    wrong(find('#discount-wrong'));
  }

  function take(discount) {
    sale.cart.discount = discount;
    sheet.close();
    change();
  }

  on(find('#discount-open'), 'click', () => {
    const { discount } = sale.cart;
    choose(discount?.amount === undefined ? 'percent' : 'amount');
    value.value = discount ? (discount.amount === undefined ? percent(discount.percent_bp).slice(0, -1) : toInput(discount.amount, currency)) : '';
    sheet.showModal();
    value.focus();
  });
  on(sheet, 'click', ({ target }) => {
    const button = target.closest('button');
    if (button?.dataset.kind) choose(button.dataset.kind);
    if (button?.dataset.value) take({ percent_bp: Number(button.dataset.value) * 100 });
    if (button?.dataset.remove !== undefined) take(null);
  });
  on(find('form', sheet), 'submit', (event) => {
    event.preventDefault();
    const read = parse(value.value, kind === 'percent' ? PERCENT : currency);
    if (read.wrong) return wrong(find('#discount-wrong'), read.wrong);
    if (kind === 'percent' && read.minor > 10000) return wrong(find('#discount-wrong'), 'No more than 100%, please.');
    if (!read.minor) return take(null);
    take(kind === 'percent' ? { percent_bp: read.minor } : { amount: read.minor });
  });
}

/** Wires the editor of one line; answers how to open it. */
export function lineSheet(sale, change) {
  const sheet = find('#editor');
  const quantity = find('#editor-quantity');
  const note = find('#editor-note');
  let index = 0;

  on(find('[data-remove]', sheet), 'click', () => {
    setQuantity(sale.cart, index, 0);
    sheet.close();
    change();
  });
  on(find('form', sheet), 'submit', (event) => {
    event.preventDefault();
    const typed = quantity.value.trim();
    if (!/^\d{1,4}$/.test(typed)) return wrong(find('#editor-wrong'), 'A whole number, please.');
    sale.cart.lines[index].note = note.value.trim();
    setQuantity(sale.cart, index, Number(typed));
    sheet.close();
    change();
  });
  return (at) => {
    index = at;
    const line = sale.cart.lines[index];
    find('#editor-title').textContent = line.name || 'Amount';
    quantity.value = line.quantity;
    note.value = line.note;
    wrong(find('#editor-wrong'));
    sheet.showModal();
    quantity.select();
  };
}

/** Wires the name under which the sale is parked; `park(name)` answers words when it could not be. */
export function parkSheet(sale, park) {
  const sheet = find('#park');
  const name = find('#park-name');
  let busy = false;
  on(find('form', sheet), 'submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    if (!name.value.trim()) return wrong(find('#park-wrong'), 'A name, please: a table, or a person.');
    busy = true;
    wrong(find('#park-wrong'), await park(name.value.trim()));
    busy = false;
  });
  return () => {
    name.value = sale.cart.name;
    wrong(find('#park-wrong'));
    sheet.showModal();
    name.focus();
  };
}
