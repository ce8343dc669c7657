// The sale on the right: its lines, its sums, its total.

import { all, find } from './page.js';
import { format, percent, plain, showAmount } from './money.js';
import { count } from './words.js';

/** Paints the lines; `live` is the sum on the keypad, { text, minor }, while it is not a line yet. */
export function paintLines(cart, live, currency) {
  const list = find('#lines');
  const focus = focused(list);
  const lines = cart.lines.map((line, index) => entry(line, index, currency));
  if (live.minor) lines.push(liveEntry(live, currency));
  list.replaceChildren(...lines);
  if (focus) find(`[data-act="${focus.act}"]`, list.children[focus.index] ?? document)?.focus();
}

function focused(list) {
  const button = document.activeElement?.closest('#lines [data-act]');
  const line = button?.closest('li');
  return line && { act: button.dataset.act, index: [...list.children].indexOf(line) };
}

function entry(line, index, currency) {
  const item = find('#line').content.firstElementChild.cloneNode(true);
  const name = line.name || 'Amount';
  item.dataset.line = index;
  find('output', item).textContent = line.quantity;
  find('[data-act="less"]', item).setAttribute('aria-label', `One ${name} less`);
  find('[data-act="more"]', item).setAttribute('aria-label', `One ${name} more`);
  find('b', item).textContent = name;
  find('small', item).textContent = line.note;
  find('.money', item).textContent = plain(line.unit * line.quantity, currency);
  return item;
}

function liveEntry(live, currency) {
  const item = find('#live-line').content.firstElementChild.cloneNode(true);
  find('small', item).textContent = live.text;
  find(':scope > .money', item).textContent = plain(live.minor, currency);
  return item;
}

/** Paints count, discount, tax and total. */
export function paintSums(cart, priced, data) {
  const { currency, tax } = data;
  const rows = [[count(priced.count, 'item'), priced.gross]];
  if (priced.discount) rows.push([discountWords(cart.discount), -priced.discount]);
  for (const { bp, inclusive, tax: amount } of priced.taxes) {
    if (bp) rows.push([`${tax.name} ${percent(bp)}${inclusive ? ', included' : ''}`, amount]);
  }
  find('#sums').replaceChildren(...(priced.count ? rows : []).map(([label, minor]) => row(label, plain(minor, currency))));
  find('[data-count]').textContent = count(priced.count, 'item');
  for (const total of all('[data-total]')) {
    showAmount(total, format(priced.bill, currency));
  }
}

function discountWords(discount) {
  return discount.percent_bp === undefined ? 'Discount' : `${percent(discount.percent_bp)} off`;
}

function row(label, amount) {
  const [line, term, value] = ['div', 'dt', 'dd'].map((name) => document.createElement(name));
  term.textContent = label;
  value.textContent = amount;
  line.append(term, value);
  return line;
}
