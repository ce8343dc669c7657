// A code on the screen counts down; a form is sent once. A card held to the tablet means nothing here, and
// is read so that its tap does not escape to the system.

import { readCards } from './card.js';
import { watchConnection } from './connection.js';
import { all, arrivedAt, every, find, on } from './page.js';
import { countdown } from './words.js';

for (const badge of all('[data-ends-in]')) {
  const tick = () => {
    const left = Number(badge.dataset.endsIn) - (performance.now() - arrivedAt());
    find('[data-left]', badge).textContent = left > 0 ? countdown(left) : 'Time ran out';
  };
  every(1000, tick);
  tick();
}
on(document, 'submit', (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});
on(window, 'pageshow', () => all('form').forEach((form) => delete form.dataset.sent));
readCards(() => {});
watchConnection();
