// Asks the server to do something, and says which of three things came back: a page to go to, words
// to show in place, or nothing at all, which leaves what happened unknown.

const PATIENCE_MS = 20_000;
/** Set when an answer led to the door; unlocking says that the sale is kept. */
export const SIGNED_OUT = 'pos.signed-out';

const GATEWAYS = [502, 503, 504];

/** No answer came: it may have been done, or not. Ask again with the same key. */
export class Lost extends Error {}

/**
 * Posts `fields`. Answers { url, html, at, redirected } for a page, { words, conflict, pin } for a message,
 * `pin` when a card's PIN is needed; throws Lost. Whoever is not in any more is led to the door; the sale is kept.
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
      return { url: link.getAttribute('href'), html, redirected: true };
    }
    const title = response.ok || response.status >= 500 ? `${next.querySelector('h1').textContent.trim()}. ` : '';
    const { status } = response;
    return { words: title + message.textContent.trim(), conflict: status === 409, pin: status === 428 };
  }
  if (!response.ok) return { words: 'Something went wrong here. Nothing was charged.' };
  return { url: response.url, html, at, redirected: response.redirected };
}

async function answer(action, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(action, { method: 'POST', body, signal: patience.signal });
    if (GATEWAYS.includes(response.status)) throw new Lost(action);
    return response;
  } catch {
    throw new Lost(action);
  } finally {
    clearTimeout(timer);
  }
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
