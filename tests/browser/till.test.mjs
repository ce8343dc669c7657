// Selling at the till by keyboard, by touch, by scanner; parking; nothing sold twice.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { violations } from './browser.mjs';
import { openShop, openTill, playCustomer, until } from './shop.mjs';

let shop, page;
const faults = [];
const total = () => page.locator('.total.wide [data-total]').textContent();
const tile = (name) => page.locator('.tile', { hasText: name });
const lines = () => page.locator('#lines .entry').count();

before(async () => {
  shop = await openShop();
  page = await openTill(shop);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && !/Failed to load/.test(message.text()) && faults.push(message.text()));
});
after(() => shop?.close());
afterEach(() => assert.deepEqual(faults.splice(0), []));
beforeEach(async () => {
  await page.goto(`${shop.url}/till?view=items`);
  if (await lines()) await page.click('#clear');
});

test('a keypad sale by keyboard alone: digits, Enter, no tip, paid', async () => {
  await page.keyboard.type('350+450', { delay: 120 });
  assert.equal(await page.textContent('#working'), '350 + 450');
  assert.equal(await total(), 'J$800.00');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Add a tip for Keisha?' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'No tip' }).focus();
  await page.keyboard.press('Enter');
  await until(page, 'waiting');
  assert.match(await playCustomer(page), /^Paid [\d,]+ sats/);
  await until(page, 'paid');
  assert.equal(await page.textContent('#say'), 'Paid J$800.00');
  await page.waitForTimeout(450);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/till');
  assert.equal(await lines(), 0, 'the sale is done with');
});

test('items by touch, a discount, a note and a quantity', async () => {
  await tile('Flat white').click();
  await tile('Flat white').click();
  await tile('Coco bread').click();
  await page.locator('#lines [data-act="edit"]').first().click();
  await page.fill('#editor-quantity', '3');
  await page.fill('#editor-note', 'Oat milk');
  await page.getByRole('button', { name: 'Keep' }).click();
  await page.click('#discount-open');
  await page.locator('#discount').getByRole('button', { name: '10%' }).click();
  assert.match(await page.textContent('#sums'), /4 items.*10% off/);
  assert.equal(await page.locator('.tile.in').count(), 2);
  await page.reload();
  assert.match(await page.textContent('#lines'), /Oat milk/, 'the sale survives a reload');
  await page.click('#clear');
  assert.equal(await total(), 'J$0.00');
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await lines(), 2);
});

test('charging nothing says so', async () => {
  await page.keyboard.press('Enter');
  assert.equal(await page.textContent('#notice [data-words]'), 'Add something first');
});

test('search finds, finds nothing, and offers the keypad', async () => {
  await page.fill('#search', 'flat');
  assert.equal(await page.locator('#tiles > li:visible').count(), 1);
  await page.keyboard.press('Enter');
  assert.equal(await lines(), 1);
  await page.fill('#search', 'mahoe');
  assert.match(await page.textContent('#nothing'), /Nothing called “mahoe”. Use the keypad\?/);
  await page.getByRole('button', { name: 'Use the keypad?' }).click();
  assert.equal(await page.getAttribute('#till', 'data-view'), 'keypad');
});

test('a parked sale comes back whole', async () => {
  await tile('Flat white').click();
  const before = await total();
  await page.click('#park-open');
  await page.fill('#park-name', 'Table 4');
  await page.getByRole('button', { name: 'Park it' }).click();
  await page.getByText('Parked as Table 4').waitFor();
  assert.equal(await lines(), 0);
  await page.click('#parked summary');
  await page.locator('[data-parked]').first().click();
  await page.waitForFunction(() => document.querySelectorAll('#lines .entry').length === 1);
  assert.equal(await total(), before);
  assert.equal(await page.textContent('#sale-name'), 'Table 4');
});

test('two presses on Charge, and a lost answer, make one sale', async () => {
  await tile('Gizzada').click();
  let asked = 0;
  await page.route('**/till/sales', async (route) => {
    asked += 1;
    if (asked === 1) {
      await route.fetch({ maxRedirects: 0 });
      return route.abort();
    }
    return route.continue();
  });
  await page.locator('#charge-button').dblclick();
  await page.getByRole('button', { name: 'No tip' }).dblclick();
  await until(page, 'waiting');
  assert.equal(asked, 2);
  await page.unroute('**/till/sales');
  await page.goto(`${shop.url}/till/recent?show=waiting`);
  assert.equal(await page.locator('.sold').count(), 1);
});
