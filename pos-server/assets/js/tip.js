// The tip page: one press, posted until an answer comes.

import { readCards } from './card.js';
import { insist, lead } from './charge.js';
import { watchConnection } from './connection.js';
import { hold } from './held_tap.js';
import { parse, toInput } from './money.js';
import { all, dialogs, find, on } from './page.js';

const form = find('#tip');
const currency = JSON.parse(form.dataset.currency);
let busy = false;

function tell(words, conflict = false) {
  const line = find('#wrong');
  line.hidden = false;
  find('[data-words]', line).textContent = words;
  // This Charge made a sale already, with another tip: it waits there.
  find('#waiting').hidden = !conflict;
  find('#another').close();
}

on(form, 'submit', async (event) => {
  event.preventDefault();
  if (busy) return;
  const { submitter } = event;
  const fields = new FormData(form);
  const typed = fields.get('tip_amount');
  fields.set('tip', submitter?.value ?? 'custom');
  fields.set('tip_amount', '');
  if (fields.get('tip') === 'custom') {
    const { minor, wrong } = parse(typed, currency);
    if (wrong) return tell(wrong);
    fields.set('tip_amount', toInput(minor, currency));
  }
  busy = true;
  submitter?.setAttribute('aria-busy', 'true');
  await lead(await insist(form.action, fields, tell), ({ words, conflict }) => tell(words, conflict));
  submitter?.removeAttribute('aria-busy');
  busy = false;
});
on(find('[name="tip_amount"]'), 'keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  form.requestSubmit(find('[value="custom"]', form));
});
for (const button of all('[data-open]', form)) on(button, 'click', () => find('[name="tip_amount"]').focus());
readCards((link) => {
  hold(link);
  find('#card-held').hidden = false;
});
dialogs();
watchConnection();
