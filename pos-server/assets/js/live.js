// News of one sale: a stream, with polling behind it. Says when the server cannot be reached, and
// mends itself.

import { every, on } from './page.js';

const POLL_MS = 3_000;
const SILENCE_MS = 20_000;
const PATIENCE_MS = 4_000;
const REOPEN_MS = 5_000;

/** Follows a sale from event `seq` on: `news(live)` for each view, `lost(true or false)`. */
export function follow(id, seq, { news, lost }) {
  let source;
  let heard = performance.now();
  let asking = false;
  let opened = 0;
  let looked = performance.now();

  function take(live) {
    if (live.seq <= seq) return;
    seq = live.seq;
    news(live);
  }

  function alive() {
    heard = performance.now();
    lost(false);
  }

  function open() {
    source?.close();
    opened = performance.now();
    source = new EventSource(`/till/sales/${id}/live?after=${seq}`);
    source.addEventListener('open', alive);
    source.addEventListener('ping', alive);
    source.addEventListener('sale', (event) => {
      alive();
      take(JSON.parse(event.data));
    });
  }

  async function poll() {
    if (asking) return;
    asking = true;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const response = await fetch(`/till/sales/${id}/state?after=${seq}`, { cache: 'no-store', signal: patience.signal });
      if (response.redirected || response.status === 401) return location.reload();
      if (response.status === 200) take(await response.json());
      if (response.ok) alive();
      else if (response.status >= 500) lost(true);
    } catch {
      lost(true);
    } finally {
      clearTimeout(timer);
      asking = false;
    }
  }

  function look() {
    const now = performance.now();
    looked = now;
    const silent = now - heard > SILENCE_MS;
    const streaming = source.readyState === EventSource.OPEN && !silent;
    if (streaming || document.hidden) return;
    poll();
    if ((silent || source.readyState === EventSource.CLOSED) && now - opened > REOPEN_MS) open();
  }

  open();
  every(POLL_MS, look);
  on(window, 'online', poll);
  on(window, 'offline', () => lost(true));
  on(document, 'visibilitychange', () => document.hidden || poll());
  on(window, 'pagehide', () => source.close());
  /** Whether a view that came another way is not older than what the stream brought. */
  function newer(other) {
    if (other < seq) return false;
    seq = other;
    return true;
  }

  return { poll, newer, nextInMs: () => looked + POLL_MS - performance.now() };
}
