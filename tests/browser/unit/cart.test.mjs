// The till's arithmetic: the vectors that the server is held to as well, and what must hold of any cart.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as carts from '../../../pos-server/assets/js/cart.js';

const vectors = JSON.parse(readFileSync(new URL('../../vectors/cart.json', import.meta.url)));
const taxOf = ({ bp, inclusive }) => ({ bp, inclusive });
const random = (most) => Math.floor(Math.random() * (most + 1));

test('every vector comes out as the server has it', () => {
  for (const { what, lines, discount, tip, want } of vectors) {
    const priced = carts.price({ lines, discount }, taxOf);
    const tipped = !tip ? 0 : tip.bp === undefined ? tip.amount : carts.tip(priced.bill, tip.bp);
    const { gross, discount: off, nets, taxes, bill } = priced;
    assert.deepEqual({ gross, discount: off, nets, taxes, bill, tip: tipped, total: bill + tipped }, want, what);
  }
});

test('the shares of a discount add up to it, and none is more than its line', () => {
  for (let round = 0; round < 2000; round += 1) {
    const grosses = Array.from({ length: 1 + random(12) }, () => BigInt(random(round % 2 ? 5 : 1e9)));
    const sum = grosses.reduce((a, b) => a + b, 0n);
    const discount = BigInt(random(Number(sum)));
    const shares = carts.allocate(grosses, discount);
    assert.equal(shares.reduce((a, b) => a + b, 0n), sum ? discount : 0n);
    shares.forEach((share, i) => assert.ok(share >= 0n && share <= grosses[i], `${grosses} - ${discount}`));
  }
});

test('half up is never off by half or more', () => {
  for (let round = 0; round < 2000; round += 1) {
    const [n, d] = [BigInt(random(1e12)), BigInt(1 + random(1e5))];
    const twice = 2n * carts.halfUp(n, d) * d - 2n * n;
    assert.ok(twice > -d && twice <= d);
  }
});

test('no tax goes missing: net and tax on top make the bill', () => {
  for (let round = 0; round < 1000; round += 1) {
    const lines = Array.from({ length: 1 + random(8) }, () => ({ unit: random(100000), quantity: 1 + random(5), bp: random(4) * 500, inclusive: random(1) === 1 }));
    const priced = carts.price({ lines, discount: { percent_bp: random(10000) } }, taxOf);
    const net = priced.taxes.reduce((sum, tax) => sum + tax.net, 0);
    const onTop = priced.taxes.reduce((sum, tax) => sum + (tax.inclusive ? 0 : tax.tax), 0);
    assert.equal(net, priced.gross - priced.discount);
    assert.equal(priced.bill, net + onTop);
    assert.equal(priced.nets.reduce((a, b) => a + b, 0), net);
  }
});

test('an item joins its line, but not one with a note, another price, or an amount', () => {
  const cart = carts.empty();
  const item = { id: 'a', name: 'Flat white', price: 75000 };
  carts.addItem(cart, item);
  carts.addItem(cart, item);
  cart.lines[0].note = 'Oat milk';
  carts.addItem(cart, item);
  carts.addItem(cart, { ...item, price: 80000 });
  carts.addAmount(cart, 75000, '');
  assert.deepEqual(cart.lines.map(({ quantity }) => quantity), [2, 1, 1, 1]);
  carts.setQuantity(cart, 0, 0);
  assert.equal(cart.lines.length, 3);
});

test('the server reads the cart as written', () => {
  const cart = carts.empty();
  carts.addAmount(cart, 35000, 'Bun');
  cart.lines[0].extra = 'not sent';
  const sent = JSON.parse(carts.wire(cart, 35000));
  assert.deepEqual(sent, { lines: [{ item: null, name: 'Bun', unit: 35000, quantity: 1, note: '' }], discount: null, name: '', expected_total: 35000 });
});
