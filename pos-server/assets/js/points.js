// Points into balance: a tap does it, once.

import { readCards } from './card.js';
import { watchConnection } from './connection.js';
import { find } from './page.js';

readCards((link) => {
  const form = find('#convert');
  if (form.dataset.sent) return;
  find('#card-link').value = link;
  form.dataset.sent = 'yes';
  form.requestSubmit();
});
watchConnection();
