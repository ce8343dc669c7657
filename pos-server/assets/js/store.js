// The working sale of a till, in the tablet's own memory: it survives a reload and a sign-in, and is
// dropped when the sale it became opens.

import { empty } from './cart.js';
import { uuid } from './keys.js';

const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};
// A tablet whose memory is full or forbidden still sells; its sale does not survive a reload.
const write = (name, value) => {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {}
};
const names = (kind) => Object.keys(localStorage).filter((name) => name.startsWith(`pos.${kind} `));

export const loadCart = (till) => read(`pos.cart ${till}`) ?? empty();
export const saveCart = (till, cart) => write(`pos.cart ${till}`, cart);

/** The key of this Charge: the same for the same cart, until its sale opens. */
export function chargeKey(till, cart) {
  const kept = read(`pos.charge ${till}`);
  if (kept?.cart === cart) return kept.key;
  const key = uuid();
  write(`pos.charge ${till}`, { cart, key });
  return key;
}

/** What is charged next is another sale, though it may look the same. */
export const dropKey = (till) => localStorage.removeItem(`pos.charge ${till}`);

/** The sale opened with `key` is on the screen: its cart is done with, but can come back. */
export function dropCart(key, sale) {
  for (const name of names('charge')) {
    const till = name.slice('pos.charge '.length);
    if (read(name)?.key !== key) continue;
    write(`pos.last ${till}`, { sale, cart: loadCart(till) });
    localStorage.removeItem(name);
    localStorage.removeItem(`pos.cart ${till}`);
  }
}

/** The cart that became `sale`, once, if this tablet still knows it. */
export function cartOf(till, sale) {
  const last = read(`pos.last ${till}`);
  if (last?.sale !== sale) return null;
  localStorage.removeItem(`pos.last ${till}`);
  return last.cart;
}
