// The sum on the keypad, `350 + 450`: a list of terms as they were typed, always with a point.
// Nothing here touches the page.

import { parse } from './money.js';

/** Nothing typed. */
export const blank = () => [''];

/** What a key makes of the terms; the same terms when it makes no sense. */
export function press(terms, key, currency) {
  const last = terms[terms.length - 1];
  const head = terms.slice(0, -1);
  if (key === 'erase') return last || !head.length ? [...head, last.slice(0, -1)] : head;
  if (key === '+') return value(last, currency) > 0 ? [...terms, ''] : terms;
  if (key === '.') {
    return currency.exponent && !last.includes('.') ? [...head, `${last || '0'}.`] : terms;
  }
  if (!/^\d+$/.test(key)) return terms;
  const typed = last.includes('.') ? last + key : (last + key).replace(/^0+(?=\d)/, '');
  if (!last && /^0+$/.test(key)) return [...head, '0'];
  return parse(typed, plain(currency)).minor === undefined ? terms : [...head, typed];
}

/** What the terms come to, in minor units. */
export function sum(terms, currency) {
  return terms.reduce((total, term) => total + value(term, currency), 0);
}

/** The terms as they stand: `350 + 450`; empty while one whole number says it all. */
export function working(terms, currency) {
  const shown = terms.map((term) => term.replace('.', currency.point));
  return terms.length > 1 || terms[0].includes('.') ? shown.join(' + ') : '';
}

function value(term, currency) {
  return parse(term || '0', plain(currency)).minor ?? 0;
}

const plain = ({ exponent }) => ({ exponent, sign: '', group: '', point: '.' });
