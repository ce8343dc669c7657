// Taking cash: what was handed over, and the change, before anything is posted.

import { format, parse } from './money.js';
import { find, on, typing } from './page.js';

/** Wires the cash panel, whichever view it is in. `choose(way)` shows a way to pay. */
export function startCash(currency, choose) {
  on(document, 'click', ({ target }) => {
    const button = target.closest('.cash button[type="button"]');
    if (!button) return;
    const field = find('#received');
    field.value = button.dataset.value ?? pressed(field.value, button.dataset.key, currency);
    count(currency);
  });
  on(document, 'mousedown', (event) => event.target.closest('.cash .pad') && event.preventDefault());
  on(document, 'input', ({ target }) => target.id === 'received' && count(currency));
  on(document, 'keydown', (event) => {
    const field = find('#received');
    if (!field || find('dialog[open]') || typing(event.target) || !/^\d$/.test(event.key)) return;
    choose('cash');
    field.focus();
  });
}

function pressed(value, key, currency) {
  if (key === 'erase') return value.slice(0, -1);
  const typed = value + (key === '.' ? currency.point : key);
  return key === '.' || !parse(typed, currency).wrong ? typed : value;
}

/** Shows the change, or what would still be left to pay. */
export function count(currency) {
  const form = find('.cash');
  if (!form) return;
  const { minor } = parse(find('#received').value, currency);
  const due = Number(form.dataset.due);
  const short = minor !== undefined && minor < due;
  const words = short ? 'Still to pay' : 'Change';
  const amount = short ? Number(form.dataset.rest) - minor : minor - due;
  find('[data-change-words]').textContent = words;
  find('[data-change]').textContent = minor === undefined ? '' : amount ? format(amount, currency) : 'None';
  find('#take').textContent = short && minor ? `Take ${format(minor, currency)} in cash` : 'Take cash';
}
