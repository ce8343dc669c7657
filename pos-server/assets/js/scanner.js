// A scanner types like a keyboard, only faster than any hand, and ends with Enter.

const GAP_MS = 80;
// A burst that short may be a hand after all: two keys pressed at once.
const LEAST = 3;

/**
 * Watches keys pressed anywhere. `begin()` is called before the first key of what may be a scan,
 * `scanned(text)` when it was one. Answers the key handler.
 */
export function scanner({ begin, scanned }) {
  let typed = '';
  let last = -Infinity;
  return (event) => {
    const { key, timeStamp } = event;
    const fast = timeStamp - last < GAP_MS;
    if (key === 'Enter') {
      const code = typed;
      typed = '';
      if (!fast || code.length < LEAST || !/^[\w-]+$/.test(code)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      scanned(code);
    } else if (key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (!fast) {
        typed = '';
        begin();
      }
      typed += key;
      last = timeStamp;
    }
  };
}
