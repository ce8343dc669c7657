// Time left and ages, by the server's clock: counted from the moment its page arrived, never by the
// time this tablet believes in.

import { all, arrivedAt, every, find } from './page.js';
import { countdown, span } from './words.js';

let arrived = arrivedAt();
let over = () => {};

/** Starts counting; calls `end` when the time to pay is over. */
export function startClock(end) {
  over = end;
  every(250, tick);
  tick();
}

/** A new view arrived just now. */
export function restartClock() {
  arrived = performance.now();
  tick();
}

function tick() {
  const gone = performance.now() - arrived;
  const left = find('[data-left]');
  if (left) {
    const ms = Math.max(0, Number(left.dataset.left) - gone);
    set(left, countdown(ms));
    find('#time').value = ms;
    if (!ms && !left.dataset.over) {
      left.dataset.over = 'yes';
      over();
    }
  }
  for (const age of all('[data-age]')) set(age, span(Number(age.dataset.age) + gone));
}

function set(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
