// A card is brought in by a tap: its link goes into the form, which is sent at once.

import { readCards } from './card.js';
import { find } from './page.js';

const form = find('#import');

readCards((text) => {
  find('#card-link').value = text;
  form.requestSubmit();
});
