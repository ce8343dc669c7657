// Spans of time and counts as a cashier says them; the server's `page/words.rs` says the same.

/** `12 seconds`, `1 minute`. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return count(seconds, 'second');
  if (seconds < 3600) return count(Math.floor(seconds / 60), 'minute');
  if (seconds < 86400) return count(Math.floor(seconds / 3600), 'hour');
  return count(Math.floor(seconds / 86400), 'day');
}

/** What is left of a while: `7:18`. */
export function countdown(ms) {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `1 item`, `6 items`. */
export function count(number, thing) {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
