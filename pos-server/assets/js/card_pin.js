// The PIN of a card: the tablet is turned to its holder, who types four digits that nobody sees. The tap
// waits for that one try.

import { find, on } from './page.js';

const LENGTH = 4;
let waiting = null;

const dialog = () => find('dialog#card-pin');

/** Asks for the PIN of the card behind a tap; a newer tap takes the place of the one that waits. */
export function askPin(link) {
  waiting = link;
  const box = dialog();
  if (!box) return;
  find('input', box).value = '';
  if (!box.open) box.showModal();
  find('input', box).focus();
}

/** Wires the keys, whichever view the dialog is in; `send(link, pin)` is called once for each tap. */
export function startPin(send) {
  on(document, 'mousedown', (event) => event.target.closest('#card-pin [data-key]') && event.preventDefault());
  on(document, 'click', ({ target }) => {
    const key = target.closest('#card-pin [data-key]')?.dataset.key;
    if (!key) return;
    const field = find('input', dialog());
    if (key === 'clear') field.value = '';
    else if (key === 'erase') field.value = field.value.slice(0, -1);
    else if (field.value.length < LENGTH) field.value += key;
  });
  on(document, 'submit', (event) => {
    if (!event.target.matches('#card-pin form')) return;
    event.preventDefault();
    const field = find('input', event.target);
    const pin = field.value;
    if (!/^\d{4}$/.test(pin)) return field.focus();
    const link = waiting;
    waiting = null;
    field.value = '';
    dialog().close();
    if (link) send(link, pin);
  });
}
