// Reads Flash Cards: by the tablet's own chip where the browser has Web NFC, by a reader that types
// like a keyboard, or by a link pasted into its field. While the page is open it goes on reading, so
// that no tap escapes to the system.

import { find, on } from './page.js';

const GAP_MS = 80;
const SLOW_MS = 1_000;
const STARTS = ['lnurlw:', 'https:', 'http:'];

/** The card's link in what a tag holds, if it is one. */
export function linkOf(text) {
  const link = text.trim();
  return /[?&]p=[0-9a-f]{32}(&|$)/i.test(link) && /[?&]c=[0-9a-f]{16}(&|$)/i.test(link) ? link : null;
}

/** Calls `read(link)` for each card. `choose(way)` brings the card's field to the front, if there are others. */
export function readCards(read, choose = () => {}) {
  const heard = (text) => {
    const link = linkOf(text);
    if (link) read(link);
    return Boolean(link);
  };
  wedge(heard, choose);
  nfc(heard);
}

const sure = (text) => text.includes(':/');

/** A keyboard reader types faster than any hand, and ends with Enter. What it types goes nowhere else. */
function wedge(heard, choose) {
  let typed = '';
  let last = -Infinity;
  on(document, 'keydown', (event) => {
    const { key, timeStamp, target } = event;
    if (target.id === 'card-link') return;
    // Once it is surely a link, a tablet that is slow for a moment loses none of it.
    const fast = timeStamp - last < (sure(typed) ? SLOW_MS : GAP_MS);
    if (key.length === 1) {
      typed = fast ? typed + key : key;
      last = timeStamp;
    }
    const text = typed.toLowerCase();
    const begun = text.length > 1 && (sure(text) || STARTS.some((start) => start.startsWith(text) || text.startsWith(start)));
    if (!begun || !fast || !(key.length === 1 || key === 'Enter')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key !== 'Enter') return;
    choose('card');
    heard(typed);
    typed = '';
  }, { capture: true });
}

/** Web NFC wants a press before the first time; after that it reads as soon as the page opens. */
async function nfc(heard) {
  if (!('NDEFReader' in window)) return;
  const reader = new NDEFReader();
  const decoder = new TextDecoder();
  let reading = false;
  on(reader, 'reading', ({ message }) => {
    for (const { recordType, data } of message.records) {
      if (['url', 'absolute-url', 'text'].includes(recordType) && heard(decoder.decode(data))) return;
    }
    words('That is not a Flash Card.');
  });
  on(reader, 'readingerror', () => words('The card could not be read. Hold it still.'));
  const start = async () => {
    try {
      await reader.scan();
      reading = true;
    } catch {
      words('This tablet does not read cards now. Is NFC on?');
    }
    show(reading);
  };
  on(document, 'click', ({ target }) => target.closest('[data-read]') && start());
  const asked = await navigator.permissions.query({ name: 'nfc' }).catch(() => null);
  if (asked?.state === 'granted') await start();
  else show(false);
  // A view that is swapped in does not know yet.
  new MutationObserver(() => show(reading)).observe(document.body, { childList: true, subtree: true });
}

function words(said) {
  const line = find('[data-reading]');
  if (line && line.textContent !== said) line.textContent = said;
}

function show(reading) {
  const button = find('[data-read]');
  if (button && button.hidden !== reading) button.hidden = reading;
  const line = find('[data-reading]');
  if (reading && line && !line.dataset.ready) {
    line.dataset.ready = 'yes';
    line.textContent = 'Hold the card to the back of the tablet.';
  }
}
