// Asks the server to do something, and says which of three things came back: a page to go to, words
// to show in place, or nothing at all, which leaves what happened unknown.

const PATIENCE_MS = 20_000;
/** Set when an answer led to the door; unlocking says that the sale is kept. */
export const SIGNED_OUT = 'pos.signed-out';

/** No answer came: it may have been done, or not. Ask again with the same key. */
export class Lost extends Error {}

/**
 * Posts `fields`. Answers { url, html, at, redirected } for a page, `door` too when it is the door, to which
 * whoever is not in any more is led; { words, conflict, pin } for a message, `pin` when a card's PIN is needed;
 * throws Lost. At the door nothing was done, and the sale is kept.
 */
export async function post(action, fields) {
  const response = await answer(action, new URLSearchParams(fields));
  const at = performance.now();
  const html = await response.text().catch(() => { throw new Lost(action); });
  const next = new DOMParser().parseFromString(html, 'text/html');
  const message = next.querySelector('[data-message]');
  if (message) {
    const link = next.querySelector('main a[href]');
    if (response.status === 401 && link) {
      sessionStorage.setItem(SIGNED_OUT, 'yes');
      return { url: link.getAttribute('href'), html, redirected: true, door: true };
    }
    const title = response.ok || response.status >= 500 ? `${next.querySelector('h1').textContent.trim()}. ` : '';
    const { status } = response;
    return { words: title + message.textContent.trim(), conflict: status === 409, pin: status === 428 };
  }
  // Not our words: something on the way answered, and what we did before that nobody knows.
  if (response.status >= 500) throw new Lost(action);
  if (!response.ok) return { words: 'Something on the way refused this. Try again.' };
  return { url: response.url, html, at, redirected: response.redirected };
}

async function answer(action, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(action, { method: 'POST', body, signal: patience.signal });
  } catch {
    throw new Lost(action);
  } finally {
    clearTimeout(timer);
  }
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
