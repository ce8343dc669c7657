// Sales set aside, and taken up again: by this till or by another, but only once.

import { empty, price, wire } from './cart.js';
import { answered, keyFor } from './keys.js';
import { notice } from './notice.js';
import { all, find, on } from './page.js';
import { Lost, post } from './post.js';
import { dropKey } from './store.js';

const FLASH = 'pos.flash';

/** Wires the list of parked sales. */
export function parked(data, sale, { taxOf, commit, keep }) {
  /** Parks the sale under a name; answers words when it could not be. */
  async function park(name) {
    sale.cart.name = name;
    const cart = wire(sale.cart, price(sale.cart, taxOf).bill);
    try {
      const { words, url, door } = await post('/till/parked', { csrf: data.csrf, cart, name, key: keyFor('/till/parked', cart) });
      answered('/till/parked');
      if (words) return words;
      if (door) {
        keep();
        location.assign(url);
        return undefined;
      }
      sale.cart = empty();
      dropKey(data.till);
      keep();
      sessionStorage.setItem(FLASH, `Parked as ${name}`);
      location.assign(url);
      return undefined;
    } catch (fault) {
      if (fault instanceof Lost) return 'No connection. The sale is kept: park it again.';
      throw fault;
    }
  }

  async function take(id) {
    commit();
    find('#parked').open = false;
    if (sale.cart.lines.length) return notice('Park or clear this sale first.', { warn: true });
    const action = `/till/parked/${encodeURIComponent(id)}/take`;
    const body = new URLSearchParams({ csrf: data.csrf, key: keyFor(action, id) });
    const response = await fetch(action, { method: 'POST', body }).catch(() => null);
    const text = await response?.text().catch(() => null);
    const said = text && new DOMParser().parseFromString(text, 'text/html').querySelector('[data-message]');
    // Asked again with the same key, the server gives the same sale again.
    if (text == null || (response.status >= 500 && !said)) return notice('No connection. Try again.', { warn: true });
    answered(action);
    if (response.redirected || response.status === 401) return location.reload();
    if (response.status === 422) forget(id);
    if (!response.ok) return notice(said?.textContent.trim() ?? 'Something on the way refused this. Try again.', { warn: true });
    forget(id);
    sale.cart = { ...empty(), ...JSON.parse(text).cart };
    delete sale.cart.expected_total;
    dropKey(data.till);
    return keep();
  }

  on(find('#parked'), 'click', (event) => {
    const entry = event.target.closest('[data-parked]');
    if (!entry) return;
    event.preventDefault();
    take(entry.dataset.parked);
  });

  /** Says what happened before the page was opened, and takes up what its address asks for. */
  function start() {
    const flash = sessionStorage.getItem(FLASH);
    sessionStorage.removeItem(FLASH);
    if (flash) notice(flash);
    if (asked) take(asked);
  }

  return { park, start };
}

const asked = new URLSearchParams(location.search).get('parked');

function forget(id) {
  find(`[data-parked="${CSS.escape(id)}"]`)?.remove();
  const left = all('[data-parked]').length;
  const count = find('#parked .count');
  count.textContent = left;
  count.hidden = !left;
}
