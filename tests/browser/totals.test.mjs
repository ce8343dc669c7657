// The page shows what the server charges: many carts at random, counted by the page's own script and
// by the server. A failing cart is printed whole; SEED runs the same carts again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { add, charge, look, sums, total } from './hands.mjs';
import { openShop, openTill } from './shop.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 400);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let shop, page;

before(async () => {
  shop = await openShop({ on: 'postgres' });
  await shop.rows("UPDATE item SET tax_bp = 0, tax_inclusive = 1 WHERE name = 'Coco bread'");
  await shop.rows("UPDATE item SET tax_bp = 1050, tax_inclusive = 0 WHERE name = 'Ginger beer'");
  await shop.rows("UPDATE item SET tax_bp = 1650, tax_inclusive = 1, price = 33333 WHERE name = 'Gizzada'");
  await shop.rows("UPDATE item SET price = 1 WHERE name = 'Coconut water'");
  page = await openTill(shop);
});
after(() => shop?.close());

test('taxes on top, inside and none stand in the sums, and are charged as shown', async () => {
  await add(page, 'Flat white', 'Coco bread', 'Ginger beer', 'Gizzada');
  const shown = await sums(page, '#sums');
  assert.deepEqual(shown, ['4 items: 1,733.33', 'GCT 15%, included: 97.83', 'GCT 10.5%: 47.25', 'GCT 16.5%, included: 47.21']);
  assert.equal(await total(page), 'J$1,780.58');
  await charge(page);
  assert.equal((await look(page, 'waiting')).amount, 'J$1,780.58');
});

test(`${ROUNDS} carts at random cost the same on the page and on the server (SEED=${seed})`, async () => {
  await page.goto('/till');
  const wrong = await page.evaluate(tryCarts, { seed, rounds: ROUNDS });
  assert.deepEqual(wrong, []);
});

/** Runs in the page: makes carts, counts them with its script, and asks the server for the bill. */
async function tryCarts({ seed, rounds }) {
  const asset = (name) => import(new URL(name, document.querySelector('script[type="module"]').src).href);
  const [carts, money] = await Promise.all(['cart.js', 'money.js'].map(asset));
  const data = JSON.parse(document.querySelector('#till-data').textContent);
  let state = seed;
  // mulberry32
  const random = (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * (most + 1));
  };
  const byId = new Map(data.items.map((item) => [item.id, item]));
  const taxOf = (line) => ({ bp: byId.get(line.item)?.tax_bp ?? data.tax.bp, inclusive: byId.get(line.item)?.inclusive ?? data.tax.inclusive });
  const discounts = [() => null, () => ({ percent_bp: random(9999) }), () => ({ amount: random(99_999) })];
  const wrong = [];

  async function tryOne() {
    const cart = carts.empty();
    for (let lines = 1 + random(7); lines; lines -= 1) {
      if (random(2)) carts.addItem(cart, data.items[random(data.items.length - 1)]);
      else carts.addAmount(cart, 1 + random(random(3) ? 99_999 : 999_999), '');
    }
    for (const line of cart.lines) line.quantity = 1 + random(random(4) ? 3 : 40);
    cart.discount = discounts[random(2)]();
    const { bill } = carts.price(cart, taxOf);
    const body = new URLSearchParams({ csrf: data.csrf, key: crypto.randomUUID(), cart: carts.wire(cart, bill) });
    const response = await fetch('/till/tip', { method: 'POST', body });
    const answer = new DOMParser().parseFromString(await response.text(), 'text/html');
    const charged = answer.querySelector('.bill .money')?.textContent ?? answer.querySelector('[data-message]')?.textContent;
    const offered = [...answer.querySelectorAll('.offer .money')].map((offer) => offer.firstChild.textContent);
    const tips = [1000, 1500, 2000].map((bp) => money.format(carts.tip(bill, bp), data.currency));
    const nothing = bill === 0 && charged === 'Nothing is left to charge after the discount';
    const same = charged === money.format(bill, data.currency) && offered.join() === tips.join();
    if (!same && !nothing) wrong.push({ cart, page: money.format(bill, data.currency), server: charged, offered, tips });
  }

  for (let round = 0; round < rounds && wrong.length < 3; round += 8) await Promise.all(Array.from({ length: 8 }, tryOne));
  return wrong;
}
