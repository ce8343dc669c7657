// A tap before its time: one that comes while a sale is being made waits for it and is used once; one
// before an amount says what is on the card.

import { Lost, post } from './post.js';

const HELD = 'pos.tap';
const LASTS_MS = 60_000;

/** Keeps a tap for the sale that is about to open. */
export function hold(link) {
  sessionStorage.setItem(HELD, JSON.stringify({ link, at: Date.now() }));
}

/** The tap that was kept, once, unless that was too long ago. */
export function held() {
  const kept = JSON.parse(sessionStorage.getItem(HELD) ?? 'null');
  sessionStorage.removeItem(HELD);
  return kept && Date.now() - kept.at < LASTS_MS ? kept.link : null;
}

/** Asks what is on the card; answers { words, warn }. */
export async function look(link, csrf) {
  try {
    const answer = await post('/till/cards/look', { csrf, link });
    const seen = answer.html && new DOMParser().parseFromString(answer.html, 'text/html').querySelector('#seen');
    return seen ? { words: seen.dataset.say, warn: false } : { words: answer.words ?? 'Tap the card again.', warn: true };
  } catch (fault) {
    if (!(fault instanceof Lost)) throw fault;
    return { words: 'No connection. Tap the card again.', warn: true };
  }
}
