// The one line above the total that says what just happened. It stays until the next thing does.

import { find, on, say } from './page.js';

let undo = null;

/** Wires Undo. */
export function startNotice() {
  on(find('#notice [data-undo]'), 'click', () => {
    const back = undo;
    quiet();
    back?.();
  });
}

/** Says `words`; with a function, offers to undo; with a link, offers the way on. */
export function notice(words, { back = null, warn = false, link = null } = {}) {
  const line = find('#notice');
  undo = back;
  find('[data-words]', line).replaceChildren(words, ...(link ? [' ', anchor(link)] : []));
  find('[data-undo]', line).hidden = !back;
  line.classList.toggle('warn', warn);
  line.hidden = false;
}

/** Takes the words away. */
export function quiet() {
  undo = null;
  find('#notice').hidden = true;
}

/** Shows words in a dialog's own line, or takes them away. */
export function wrong(line, words) {
  line.hidden = !words;
  find('[data-words]', line).textContent = words ?? '';
  if (words) say(words);
}

function anchor({ href, action }) {
  const link = document.createElement('a');
  Object.assign(link, { href, textContent: action, className: 'link' });
  return link;
}
