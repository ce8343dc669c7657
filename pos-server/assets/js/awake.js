// Keeps the screen awake while a payment is waited for.

import { on } from './page.js';

let wanted = false;
let lock = null;

/** Asks for it, or lets go. Where the browser cannot, nothing happens. */
export async function stayAwake(want) {
  wanted = want;
  if (!want) {
    await lock?.release();
    lock = null;
  } else if (!lock && !document.hidden) {
    lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null;
    lock?.addEventListener('release', () => { lock = null; });
  }
}

/** The lock is lost whenever the page is hidden. */
export function watchAwake() {
  on(document, 'visibilitychange', () => wanted && stayAwake(true));
}
