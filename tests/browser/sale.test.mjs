// A sale from Charge on, in every way a payment can go; a lost connection; a sale cancelled.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { readQr, violations } from './browser.mjs';
import { openShop, openTill, playCustomer, unlock, until } from './shop.mjs';

let shop, page;
const faults = [];
const heading = () => page.locator('#state').textContent();

/** Opens a sale for an amount typed on the keypad. */
async function charge(amount) {
  await page.goto(`${shop.url}/till?view=items`);
  await page.keyboard.type(String(amount), { delay: 100 });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'No tip' }).click();
  await until(page, 'waiting');
}

before(async () => {
  shop = await openShop();
  page = await openTill(shop);
  page.on('pageerror', (error) => faults.push(error.message));
});
after(() => shop?.close());
afterEach(async () => {
  assert.deepEqual(faults.splice(0), []);
  assert.deepEqual(await violations(page), []);
});

test('the code on the screen is the invoice, in capitals', async () => {
  await charge(1250);
  const read = await readQr(page);
  assert.match(read, /^LNBCRT[0-9A-Z]+$/);
  assert.equal(read, await page.getAttribute('#copy', 'data-copy'));
  assert.match(await page.textContent('.quote.quiet'), /1 BTC is J\$[\d,.]+/);
});

test('the time left runs, by the server’s clock', async () => {
  const first = Number(await page.getAttribute('#time', 'value') ?? await page.evaluate(() => document.querySelector('#time').value));
  await page.waitForTimeout(1200);
  assert.ok((await page.evaluate(() => document.querySelector('#time').value)) < first);
});

test('cash: the change is shown before it is taken, and after', async () => {
  await charge(800);
  await page.click('#way-cash');
  for (const key of ['1', '0', '0', '0']) await page.click(`.cash [data-key="${key}"]`);
  assert.equal(await page.textContent('#change'), 'J$200.00');
  assert.deepEqual(await violations(page), []);
  await page.click('#take');
  await until(page, 'change');
  assert.match(await heading(), /Paid\. Give change\s*J\$200\.00/);
  assert.equal(await page.textContent('#say'), 'Paid. Give change J$200.00');
});

test('part in cash, the rest in bitcoin', async () => {
  await charge(4405.5);
  await page.keyboard.press('2');
  await page.keyboard.type('000');
  assert.match(await page.textContent('.change'), /Still to pay\s*J\$2,405\.50/);
  assert.equal(await page.textContent('#take'), 'Take J$2,000.00 in cash');
  await page.waitForTimeout(100);
  await page.keyboard.press('Enter');
  await page.getByText('−J$2,000.00').waitFor();
  await until(page, 'waiting');
  assert.equal(await page.textContent('.amount'), 'J$2,405.50');
  await playCustomer(page);
  await until(page, 'paid');
});

test('part by Lightning, the rest in cash', async () => {
  await charge(1000);
  await page.click('#part-open');
  await page.fill('#part-amount', '400');
  await page.getByRole('button', { name: 'Show a new code' }).click();
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$400.00');
  await playCustomer(page);
  await page.getByText('−J$400.00').waitFor();
  await page.click('#way-cash');
  await page.fill('#received', '600');
  await page.click('#take');
  await until(page, 'paid');
});

test('too little, then the rest', async () => {
  await charge(1000);
  await playCustomer(page, 'Pay too little');
  await until(page, 'part-paid');
  assert.equal((await heading()).trim(), 'Not all of it came');
  await page.click('#rest');
  await until(page, 'waiting');
  await playCustomer(page);
  await until(page, 'paid');
});

test('too much is the customer’s', async () => {
  await charge(1000);
  await playCustomer(page, 'Pay too much');
  await until(page, 'overpaid');
  assert.match(await heading(), /Paid, and too much/);
  assert.match(await page.textContent('#give-back'), /^Give back J\$/);
  await page.waitForTimeout(450);
  await page.click('#give-back');
  await until(page, 'paid');
});

test('a slow payment is seen before it is paid', async () => {
  await charge(1000);
  await playCustomer(page, 'Pay slowly');
  await until(page, 'seen');
  assert.equal(await page.locator('.qr').count(), 0, 'nobody else pays meanwhile');
  await until(page, 'paid');
});

test('a cancelled sale goes back to the till whole', async () => {
  await charge(750);
  await page.click('#cancel');
  await until(page, 'voided');
  await page.click('#reopen');
  await page.waitForURL('**/till');
  assert.match(await page.textContent('#lines'), /750\.00/);
});

test('what cannot be an amount is said beside it', async () => {
  await charge(500);
  await page.click('#way-cash');
  await page.fill('#received', '1.2.3');
  await page.click('#take');
  assert.equal(await page.locator('.cash [role="alert"]').textContent(), 'That is not an amount.');
  assert.equal(await page.inputValue('#received'), '1.2.3');
});

test('a lost connection says so, mends itself, and the sale is where it was', async () => {
  await charge(1100);
  await shop.server.kill();
  await page.getByRole('heading', { name: 'No connection' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await shop.server.start();
  await page.getByRole('heading', { name: 'Waiting for payment' }).waitFor({ timeout: 20_000 });
  assert.equal(await page.textContent('[data-connection] [data-words]'), 'Connected');
  await playCustomer(page);
  await until(page, 'paid');
});

test('signed out in the middle of a sale: the sale is kept', async () => {
  await page.goto(`${shop.url}/till?view=items`);
  await page.locator('.tile', { hasText: 'Gizzada' }).click();
  const other = await page.context().newPage();
  await other.goto(`${shop.url}/till`);
  await other.getByRole('button', { name: /Lock it/ }).click();
  await other.getByText('Who is on the till?').waitFor();
  await other.close();
  await page.click('#charge-button');
  await page.getByText('Signed out. The sale is kept.').waitFor();
  await unlock(page, shop);
  assert.match(await page.textContent('#lines'), /Gizzada/);
});
