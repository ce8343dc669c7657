// Every state that money can be in, played by the practice wallet: its words, its sign, its line, and
// what can be done about it.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { look, scan, sell, sums, takeCash } from './hands.mjs';
import { openShop, openTill, payAs, playCustomer, until } from './shop.mjs';

let shop, page;
const WAITING = { words: 'Waiting for payment', look: 'wait', sign: 'clock', line: 'filled' };
const PAID = { words: 'Paid', look: 'paid', sign: 'done', line: 'paid double' };
const OVER = { words: 'Paid, and too much', look: 'paid', sign: 'over', line: 'paid double past-edge' };
const LATE = { words: 'Paid late', look: 'warn', sign: 'alert', line: 'warn' };
const said = () => page.textContent('#say');
/** The short form that the list of recent sales gives the newest one. */
async function badge() {
  await page.goto('/till/recent');
  return (await page.textContent('.sold .badge')).trim();
}
const set = (column, value) => shop.rows(`UPDATE store SET ${column} = ${value}`);
/** Presses what only listens after a moment, so that a double tap does no harm. */
async function press(selector) {
  await page.waitForTimeout(450);
  await page.click(selector);
}

before(async () => {
  shop = await openShop({ on: 'postgres' });
  // Nobody waits half a minute here, the shortest time that an owner can set.
  await shop.rows('ALTER TABLE store DROP CONSTRAINT store_offer_seconds_check');
  page = await openTill(shop);
});
after(() => shop?.close());
afterEach(() => assert.deepEqual(page.faults.splice(0), []));

test('waiting, then paid: one line while it is owed, two when it is ours', async () => {
  await sell(page, '1250');
  assert.deepEqual(await look(page, 'waiting'), { ...WAITING, amount: 'J$1,250.00' });
  assert.match(await page.textContent('.quote.row'), /^10,142 sats\d+:\d\d left$/);
  assert.match(await page.textContent('.quote.quiet'), /^1 BTC is J\$12,325,317\.06Practice rate, \d+ seconds? old$/);
  assert.equal(await badge(), 'Waiting');
  await page.goBack();
  assert.equal(await playCustomer(page), 'Paid 10,142 sats.');
  assert.deepEqual(await look(page, 'paid'), { ...PAID, amount: 'J$1,250.00' });
  assert.equal(await said(), 'Paid J$1,250.00');
  assert.equal(await badge(), 'Paid');
});

test('seen: on its way, not ours yet, and nobody else can pay it', async () => {
  await sell(page, '700');
  await playCustomer(page, 'Pay slowly');
  const seen = { words: 'Seen, not final yet', look: 'seen', sign: 'eye', line: 'seen half-double', amount: 'J$700.00' };
  assert.deepEqual(await look(page, 'seen'), seen);
  assert.equal(await said(), 'Seen, not final yet J$700.00');
  assert.match(await page.textContent('.known'), /It is not ours yet\..*Park and wait/s);
  assert.equal(await page.locator('.qr, #way-cash, #cancel').count(), 0);
  assert.deepEqual(await look(page, 'paid'), { ...PAID, amount: 'J$700.00' });
});

test('expired: no money came, and a new code is a new price', async () => {
  await set('offer_seconds', 2);
  await sell(page, '900');
  const first = await scan(page);
  const past = { words: 'Time ran out', look: 'past', sign: 'glass', line: 'past cut', amount: 'J$900.00' };
  assert.deepEqual(await look(page, 'expired'), past);
  assert.match(await page.textContent('.known'), /No money came\. Nothing was taken\. The price may have moved\.\s*Try again/);
  await set('offer_seconds', 600);
  assert.match(await payAs(page, first), /^this invoice has expired|the shop cancelled this invoice$/);
  await page.click('#again');
  await until(page, 'waiting');
  assert.notEqual(await scan(page), first);
  await playCustomer(page);
  await until(page, 'paid');
});

test('under: what is still due is asked for, at today’s price', async () => {
  await sell(page, '1000');
  await playCustomer(page, 'Pay too little');
  const warn = { words: 'Not all of it came', look: 'warn', sign: 'half', line: 'filled warn', amount: 'J$100.00' };
  assert.deepEqual(await look(page, 'part-paid'), warn);
  assert.match(await page.textContent('.known'), /J\$900\.00 came\. J\$100\.00 is left to pay\./);
  assert.equal(await page.evaluate(() => document.querySelector('.known progress').position.toFixed(2)), '0.90');
  assert.deepEqual((await sums(page)).slice(-2), ['Lightning: −J$900.00', 'Left to pay: J$100.00']);
  await page.click('#rest');
  assert.deepEqual(await look(page, 'waiting'), { ...WAITING, amount: 'J$100.00' });
  await playCustomer(page);
  assert.deepEqual(await look(page, 'paid'), { ...PAID, amount: 'J$1,000.00' });
});

test('under, and given back: all of it is due again', async () => {
  await sell(page, '1000');
  await playCustomer(page, 'Pay too little');
  await until(page, 'part-paid');
  await page.click('#give-back');
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$1,000.00');
  await takeCash(page, '1000');
  assert.deepEqual(await look(page, 'paid'), { ...PAID, amount: 'J$1,000.00' });
});

test('over: the sale is paid, and the extra is the customer’s', async () => {
  await sell(page, '945');
  await playCustomer(page, 'Pay too much');
  assert.deepEqual(await look(page, 'overpaid'), { ...OVER, amount: 'J$94.50 over' });
  assert.match(await page.textContent('.verdict'), /J\$1,039\.50 came for a bill of J\$945\.00\. The extra is the customer’s\./);
  assert.equal(await badge(), 'J$94.50 over');
  await page.goBack();
  assert.equal(await page.textContent('#give-back'), 'Give back J$94.50');
  await press('#give-back');
  assert.deepEqual(await look(page, 'paid'), { ...PAID, amount: 'J$945.00' });
  assert.equal(await badge(), 'Paid');
});

test('late: kept until somebody decides, then added to the sale', async () => {
  await sell(page, '640');
  await playCustomer(page, 'Pay too late');
  assert.deepEqual(await look(page, 'late'), { ...LATE, amount: 'J$640.00' });
  assert.match(await page.textContent('.known'), /It came at \d\d?:\d\d.* for this sale\. It is kept safe until you choose\./);
  assert.equal(await page.locator('.qr, #way-cash').count(), 0, 'nothing more is asked for meanwhile');
  assert.equal(await badge(), 'Paid late');
  await page.goBack();
  await page.click('#add');
  assert.deepEqual(await look(page, 'paid'), { ...PAID, amount: 'J$640.00' });
});

test('late, and given back: the sale is due again', async () => {
  await sell(page, '655');
  await playCustomer(page, 'Pay too late');
  await until(page, 'late');
  await page.click('#give-back');
  await page.waitForSelector('#sale:not([data-view="late"])');
  assert.equal(await page.textContent('.amount'), 'J$655.00');
  assert.deepEqual((await sums(page)).slice(-1), ['Left to pay: J$655.00']);
  await takeCash(page, '655');
  await until(page, 'paid');
});

test('twice: the second payment is offered back, never merged', async () => {
  await sell(page, '500');
  await playCustomer(page, 'Pay twice');
  assert.deepEqual(await look(page, 'overpaid'), { ...OVER, amount: 'J$500.00 over' });
  await press('#give-back');
  await until(page, 'paid');
});

test('paid again after it was paid: the page says so while it is open', async () => {
  await sell(page, '510');
  const code = await scan(page);
  await playCustomer(page);
  await until(page, 'paid');
  await payAs(page, code, 'Pay twice');
  assert.deepEqual(await look(page, 'overpaid'), { ...OVER, amount: 'J$510.00 over' });
});

test('refused: the customer’s wallet says so, the till goes on waiting', async () => {
  await sell(page, '520');
  assert.match(await playCustomer(page, 'Refuse'), /^the payment failed: no route was found\. Nothing was paid$/);
  assert.equal((await look(page, 'waiting')).words, 'Waiting for payment');
  await playCustomer(page);
  await until(page, 'paid');
});

test('cancelled: nothing was taken, and the old code cannot be paid', async () => {
  await sell(page, '530');
  const code = await scan(page);
  await page.click('#cancel');
  const past = { words: 'Sale cancelled', look: 'past', sign: 'none', line: 'past cut', amount: 'J$530.00' };
  assert.deepEqual(await look(page, 'voided'), past);
  assert.match(await page.textContent('.known'), /Nothing was taken\./);
  assert.equal(await payAs(page, code), 'the shop cancelled this invoice');
  await press('#new');
  await page.waitForURL('**/till');
});

test('no fresh price: no bitcoin is asked for, and cash works', async () => {
  await set('rate_settings', "'{}'");
  await sell(page, '540');
  const warn = { words: 'No fresh price', look: 'warn', sign: 'alert', line: 'warn gap', amount: 'J$540.00' };
  assert.deepEqual(await look(page, 'no-price'), warn);
  assert.match(await page.textContent('.known'), /Cash still works\./);
  assert.equal(await page.locator('.qr').count(), 0);
  await page.click('#take-cash');
  await page.fill('#received', '600');
  await page.click('#take');
  const change = { words: 'Paid. Give change', look: 'paid', sign: 'done', line: 'paid double', amount: 'J$60.00' };
  assert.deepEqual(await look(page, 'change'), change);
  assert.equal(await said(), 'Paid. Give change J$60.00');
});
