// Charge: the cart becomes a sale, once, however often it is asked for.

import { check, setLost } from './connection.js';
import { notice } from './notice.js';
import { find, show } from './page.js';
import { Lost, post, wait } from './post.js';
import { chargeKey } from './store.js';

const AGAIN_MS = 3_000;
// A price has changed since the page was opened: opened again, it shows the new one.
const LOOK_AGAIN = { href: '/till', action: 'Look again' };
const SALE = /^\/till\/sales\/[^/]+$/;
let busy = false;

/** True while a sale is being made. */
export const charging = () => busy;

/** Posts the cart with its key until an answer comes, and goes where the answer leads. */
export async function charge(form, till, cart) {
  if (busy) return;
  busy = true;
  const button = find('#charge-button');
  button.setAttribute('aria-busy', 'true');
  form.elements.cart.value = cart;
  form.elements.key.value = chargeKey(till, cart);
  const warn = (words) => notice(words, { warn: true });
  await lead(await insist(form.action, new FormData(form), warn), ({ words, conflict }) => {
    notice(words, { warn: true, link: conflict ? LOOK_AGAIN : null });
  });
  busy = false;
  button.removeAttribute('aria-busy');
}

/** Posts until an answer comes: with its key, asking again is the same question. */
export async function insist(action, fields, tell) {
  for (;;) {
    try {
      return await post(action, fields);
    } catch (fault) {
      if (!(fault instanceof Lost)) throw fault;
      setLost(true);
      tell('No connection. Nothing is lost: trying again.');
      do await wait(AGAIN_MS); while (!(await check()));
    }
  }
}

/** Goes where an answer leads, or hands its words to `refuse`. A sale is shown as it came: no second trip. */
export async function lead(answer, refuse) {
  if (answer.words) return refuse(answer);
  const { url, html, at, redirected } = answer;
  if (!redirected) return show(html, { at });
  if (SALE.test(new URL(url, location).pathname)) return show(html, { url, at });
  location.assign(url);
  return wait(AGAIN_MS);
}
