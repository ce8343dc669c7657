// Amounts as whole minor units, read and written as the shop does. `currency` is the page's
// description: { exponent, sign, sign_first, group, point }. The server's `Currency` writes the same.

/** Digits with groups, without the sign: `1,250.00`, `−445.00`. */
export function plain(minor, currency) {
  const digits = String(Math.abs(minor)).padStart(currency.exponent + 1, '0');
  const split = digits.length - currency.exponent;
  const whole = digits.slice(0, split).replace(/\B(?=(\d{3})+$)/g, currency.group);
  const fraction = currency.exponent ? currency.point + digits.slice(split) : '';
  return (minor < 0 ? '−' : '') + whole + fraction;
}

/** With the sign and all decimals: `J$1,250.00`. */
export function format(minor, currency) {
  const minus = minor < 0 ? '−' : '';
  const digits = plain(Math.abs(minor), currency);
  return minus + (currency.sign_first ? currency.sign + digits : digits + currency.sign);
}

/** For an input field and for the server: `1250.00`, always with a point, never with groups. */
export function toInput(minor, currency) {
  return plain(minor, { exponent: currency.exponent, group: '', point: '.' }).replace('−', '-');
}

/**
 * Reads what a person typed. Answers `{ minor }`, or `{ wrong }` with the words to say. Groups must
 * be whole, so that a comma is never taken for another shop's point.
 */
export function parse(text, currency) {
  const clean = text.trim().replace(currency.sign.trim(), '').replace(/[\s\u00a0\u202f]/g, '');
  if (/^[-−]/.test(clean)) return { wrong: 'An amount cannot be negative.' };
  const [whole, ...fractions] = clean.split(currency.point || '.');
  const fraction = fractions.join('.');
  const group = currency.group.trim();
  const grouped = group && whole.includes(group);
  const digits = grouped ? whole.split(group).join('') : whole;
  const even = !grouped || whole.split(group).every((part, at) => part.length === 3 || (!at && part));
  if (!even || !/^\d*$/.test(digits + fraction) || !(digits + fraction) || fractions.length > 1) {
    return { wrong: 'That is not an amount.' };
  }
  if (fraction.length > currency.exponent) {
    const most = currency.exponent === 1 ? 'one decimal' : `${currency.exponent} decimals`;
    return { wrong: currency.exponent ? `No more than ${most}, please.` : 'Whole amounts only, please.' };
  }
  const minor = Number(digits + fraction.padEnd(currency.exponent, '0'));
  return Number.isSafeInteger(minor) ? { minor } : { wrong: 'This amount is too large.' };
}

/** Shows an amount in an element, its size stepped down when it is long: it is never cut. */
export function showAmount(element, amount) {
  element.textContent = amount;
  element.classList.toggle('long', amount.length > 10 && amount.length <= 14);
  element.classList.toggle('longer', amount.length > 14);
}

/** A rate in hundredths of a percent: 1250 is `12.5%`. */
export function percent(bp) {
  return `${bp / 100}%`;
}
