// Tenders: cash in coins that exist, change, and cash with Lightning in any order.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { look, sell, sums, takeCash } from './hands.mjs';
import { openShop, openTill, playCustomer, until } from './shop.mjs';

let shop, page;
/** What the chosen sale of the recent ones was paid with. */
async function tenders() {
  await page.goto('/till/recent');
  return page.$$eval('.cart .sums:last-child > div', (rows) => rows.map((row) => row.textContent));
}

before(async () => {
  shop = await openShop();
  page = await openTill(shop);
});
after(() => shop?.close());
afterEach(() => assert.deepEqual(page.faults.splice(0), []));

test('cash is rounded to coins that exist, and the change is right before it is taken', async () => {
  await sell(page, '1250.49');
  await page.click('#way-cash');
  assert.match(await page.textContent('.due-cash'), /Due in cashRounded to coins, −?J\$0\.49J\$1,250\.00/);
  await page.click('.quick button:text-is("J$1,500")');
  assert.equal(await page.textContent('#change'), 'J$250.00');
  await page.click('#take');
  assert.equal((await look(page, 'change')).amount, 'J$250.00');
  await page.goto('/till/recent');
  const rows = await page.$$eval('.cart .sums > div', (all) => all.map((row) => row.textContent));
  assert.deepEqual(rows, ['1 Amount1,250.49', 'Rounded to coins−0.49', 'Cash1,250.00']);
});

test('half a dollar goes up', async () => {
  await sell(page, '99.5');
  await takeCash(page, '100');
  assert.equal((await look(page, 'paid')).amount, 'J$100.00');
  assert.deepEqual((await tenders()), ['Cash100.00']);
});

test('cash first: the rest by Lightning, to the cent', async () => {
  await sell(page, '1000.75');
  await takeCash(page, '400');
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$600.75');
  assert.deepEqual(await sums(page), ['Bill: J$1,000.75', 'Cash: −J$400.00', 'Left to pay: J$600.75']);
  assert.equal(await page.locator('#cancel').count(), 0, 'money came: it is not simply cancelled');
  await playCustomer(page);
  assert.equal((await look(page, 'paid')).amount, 'J$1,000.75');
  assert.match((await tenders()).join(), /^Cash400\.00,Lightning, [\d,]+ sats600\.75$/);
});

test('Lightning first: the rest in cash, rounded, with change', async () => {
  await sell(page, '1000.75');
  await page.click('#part-open');
  await page.fill('#part-amount', '250');
  await page.click('#part button.go');
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$250.00');
  assert.deepEqual((await sums(page)).slice(-1), ['Left to pay: J$1,000.75']);
  await playCustomer(page);
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$750.75');
  await takeCash(page, '1000');
  assert.equal((await look(page, 'change')).amount, 'J$249.00');
  assert.match((await tenders()).join(), /^Lightning, [\d,]+ sats250\.00,Cash751\.00$/);
});

test('three tenders, and a part that is more than what is left', async () => {
  await sell(page, '900');
  await takeCash(page, '100');
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$800.00');
  await page.click('#part-open');
  await page.fill('#part-amount', '800.01');
  await page.click('#part button.go');
  await page.getByText('That is not a part of what is left to pay.').waitFor();
  await page.fill('#part-amount', '300');
  await page.click('#part button.go');
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$300.00');
  await playCustomer(page);
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$500.00');
  await takeCash(page, '500');
  await until(page, 'paid');
  assert.match((await tenders()).join(), /^Cash100\.00,Lightning, [\d,]+ sats300\.00,Cash500\.00$/);
});

test('a code that was replaced by cash cannot be paid any more', async () => {
  await sell(page, '400');
  const wallet = new URL(await page.getAttribute('#wallet', 'href'), page.url()).href;
  await takeCash(page, '400');
  await until(page, 'paid');
  const customer = await shop.visitor();
  await customer.goto(wallet);
  await customer.click('button[value="exact"]');
  assert.equal(await customer.textContent('[role="status"] span'), 'the shop cancelled this invoice');
});
