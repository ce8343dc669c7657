// Whether the server can be reached, said in the bar. Pages without a live stream ask now and then.

import { all, every, on } from './page.js';

const ASK_EVERY_MS = 20_000;
const PATIENCE_MS = 4_000;
let lost = false;

export const isLost = () => lost;

/** Says in the bar what is known of the connection. */
export function setLost(now) {
  lost = now;
  for (const sign of all('[data-connection]')) {
    const words = now ? 'No connection' : 'Connected';
    sign.classList.toggle('lost', now);
    sign.title = words;
    sign.querySelector('[data-words]').textContent = words;
    const use = sign.querySelector('use');
    use.setAttribute('href', use.getAttribute('href').replace(/#.*/, now ? '#wifioff' : '#wifi'));
  }
}

/** Asks once; answers whether the server can be reached. */
export async function check() {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const { ok } = await fetch('/health', { cache: 'no-store', signal: patience.signal });
    setLost(!ok);
  } catch {
    setLost(true);
  } finally {
    clearTimeout(timer);
  }
  return !lost;
}

/** Asks as long as the page is open and looked at. */
export function watchConnection() {
  const ask = () => document.hidden || check();
  every(ASK_EVERY_MS, ask);
  every(3_000, () => lost && ask());
  on(window, 'online', ask);
  on(window, 'offline', () => setLost(true));
  on(document, 'visibilitychange', ask);
}
