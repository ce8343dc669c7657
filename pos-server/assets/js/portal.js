// A card's own page: copies the top-up code, and sends each form once.

import { copy } from './copy.js';
import { on } from './page.js';

on(document, 'click', ({ target }) => {
  const button = target.closest('[data-copy]');
  if (button) copy(button);
});

on(document, 'submit', (event) => {
  const button = event.target.querySelector('button:not([type="button"])');
  if (button?.getAttribute('aria-busy')) event.preventDefault();
  else button?.setAttribute('aria-busy', 'true');
});

// A page taken out of the browser's store is not under way any more.
on(window, 'pageshow', ({ persisted }) => persisted && location.reload());
