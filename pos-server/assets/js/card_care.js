// One card at the till: each form is sent once; a tap goes to the form for a lost card, if that is open.

import { readCards } from './card.js';
import { watchConnection } from './connection.js';
import { answered, keyFor } from './keys.js';
import { all, find, on } from './page.js';
import { Lost, post, wait } from './post.js';

const AGAIN_MS = 3_000;

function tell(words) {
  const line = find('#wrong');
  line.hidden = false;
  find('[data-words]', line).textContent = words;
}

/** Moves a lost card's money: with its key, asking again is the same question. */
async function replace(form) {
  const fields = new FormData(form);
  const action = form.getAttribute('action');
  fields.delete('key');
  fields.set('key', keyFor(action, new URLSearchParams(fields).toString()));
  find('#card-link').value = '';
  for (;;) {
    try {
      const answer = await post(action, fields);
      answered(action);
      if (answer.url) return location.assign(answer.url);
      return tell(answer.words);
    } catch (fault) {
      if (!(fault instanceof Lost)) throw fault;
      tell('No answer yet. Asking again: leave the page open.');
      await wait(AGAIN_MS);
    }
  }
}

on(document, 'submit', async (event) => {
  const form = event.target;
  const again = Boolean(form.dataset.sent);
  form.dataset.sent = 'yes';
  if (again) return event.preventDefault();
  if (form.id !== 'replace') return;
  event.preventDefault();
  await replace(form);
  delete form.dataset.sent;
});
on(window, 'pageshow', () => all('form').forEach((form) => delete form.dataset.sent));
readCards((link) => {
  const form = find('#replace');
  if (!form?.closest('details').open) return;
  find('#card-link').value = link;
  form.requestSubmit();
});
watchConnection();
