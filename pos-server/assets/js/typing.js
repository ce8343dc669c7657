// The keypad under the fingers, and under a hardware keyboard or a scanner.

import * as keypad from './keypad.js';
import { format, showAmount } from './money.js';
import { all, find, on, typing } from './page.js';
import { scanner } from './scanner.js';

const SETTLE_MS = 90;
const KEYS = { Backspace: 'erase', Delete: 'erase', Add: '+', Decimal: '.', ',': '.' };

/** Wires the keypad; answers what stands on it. */
export function startKeypad(data, { changed, commit, open, scanned }) {
  const { currency, cap } = data;
  const what = find('#what');
  let terms = keypad.blank();
  let before = { terms, field: null, value: '' };
  let opening;

  function paint() {
    find('#working').textContent = keypad.working(terms, currency);
    showAmount(find('#typed'), format(keypad.sum(terms, currency), currency));
    changed();
  }

  function press(key) {
    if (key === 'next') return commit();
    const next = keypad.press(terms, key, currency);
    if (next === terms || keypad.sum(next, currency) > cap) return;
    terms = next;
    paint();
  }

  function begin() {
    const field = typing(document.activeElement) ? document.activeElement : null;
    before = { terms, field, value: field?.value };
  }

  /** What a scanner typed was not meant for the keypad, nor for a field. */
  function takeBack(code) {
    clearTimeout(opening);
    terms = before.terms;
    if (before.field) before.field.value = before.value;
    paint();
    scanned(code);
  }

  on(what, 'keydown', ({ key }) => ['Enter', 'Escape'].includes(key) && what.blur());
  on(find('#keypad'), 'click', ({ target }) => {
    const key = target.closest('[data-key]')?.dataset.key;
    if (key) press(key);
  });
  const scan = scanner({ begin, scanned: takeBack });
  on(document, 'keydown', (event) => find('dialog[open]') || scan(event), { capture: true });
  on(document, 'keydown', (event) => {
    if (typing(event.target) || find('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return clear();
    if (event.key === 'ArrowDown' && keypad.sum(terms, currency)) return commit();
    const key = KEYS[event.key] ?? event.key;
    if (!/^(\d|\+|\.|erase)$/.test(key)) return;
    event.preventDefault();
    clearTimeout(opening);
    opening = setTimeout(open, SETTLE_MS, 'keypad');
    press(key);
  });

  function clear() {
    terms = keypad.blank();
    what.value = '';
    paint();
  }

  queueMicrotask(paint);
  for (const key of all('[data-key="."]')) {
    key.textContent = currency.point;
    key.disabled = !currency.exponent;
  }
  return {
    clear,
    live: () => ({ minor: keypad.sum(terms, currency), text: keypad.working(terms, currency) }),
    name: () => what.value.trim(),
  };
}
