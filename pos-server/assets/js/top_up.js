// Cash onto a card: the amount, then a tap; posted once, and again with the same key until an answer
// comes.

import { readCards } from './card.js';
import { watchConnection } from './connection.js';
import { answered, keyFor } from './keys.js';
import { parse, toInput } from './money.js';
import { find, on } from './page.js';
import { Lost, post, wait } from './post.js';

const AGAIN_MS = 3_000;
const form = find('#top-up');
const link = find('#card-link');
const currency = JSON.parse(form.dataset.currency);
let busy = false;

function tell(words) {
  const line = find('#wrong');
  line.hidden = false;
  find('[data-words]', line).textContent = words;
}

async function insist(action, fields) {
  for (;;) {
    try {
      return await post(action, fields);
    } catch (fault) {
      if (!(fault instanceof Lost)) throw fault;
      tell('No answer yet. Asking again: leave the page open.');
      await wait(AGAIN_MS);
    }
  }
}

on(form, 'submit', async (event) => {
  event.preventDefault();
  if (busy) return;
  const fields = new FormData(form);
  const { minor, wrong } = parse(fields.get('amount'), currency);
  if (wrong) return tell(wrong);
  fields.set('amount', toInput(minor, currency));
  fields.delete('key');
  const action = form.getAttribute('action');
  fields.set('key', keyFor(action, new URLSearchParams(fields).toString()));
  // A tap is used once: whatever comes of it, its link is of no use any more.
  link.value = '';
  busy = true;
  find('#put').setAttribute('aria-busy', 'true');
  const answer = await insist(action, fields);
  answered(action);
  if (answer.url) return location.assign(answer.url);
  tell(answer.words);
  find('#put').removeAttribute('aria-busy');
  busy = false;
});

/** Before an amount, a card says what is on it. */
async function seen(text) {
  busy = true;
  const answer = await post('/till/cards/look', { csrf: form.elements.csrf.value, link: text }).catch(() => null);
  busy = false;
  if (answer?.url) return location.assign(answer.url);
  tell(answer?.words ?? 'No answer. Tap the card again.');
}

readCards((text) => {
  if (busy) return;
  if (!find('#amount').value) return seen(text);
  link.value = text;
  form.requestSubmit();
});
watchConnection();
find('#amount').focus();
