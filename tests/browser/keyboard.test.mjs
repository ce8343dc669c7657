// A whole day at the till without a mouse and without touch: from unlocking to locking.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lines, look, sums, total } from './hands.mjs';
import { openShop, openTill, until } from './shop.mjs';

let shop, page;
const keys = (...names) => names.reduce((before, name) => before.then(() => page.keyboard.press(name)), Promise.resolve());
const focused = (selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);

/** Goes on from control to control until it stands on the wanted one, as Tab does. */
async function tabTo(selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await focused(selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${selector}`);
}

/** A hand that types, slower than a scanner. */
const typed = (text) => page.keyboard.type(text, { delay: 90 });

before(async () => {
  shop = await openShop();
  page = await openTill(shop);
  for (const name of ['click', 'dblclick', 'tap', 'hover', 'check']) page[name] = () => assert.fail(`${name} needs a hand`);
});
after(() => shop?.close());

test('lock, and unlock as somebody else', async () => {
  await tabTo('form[action="/till/lock"] button');
  await keys('Enter');
  await page.getByText('Locked. Who is on the till?').waitFor();
  await tabTo('[name="staff"]');
  await keys('Space', 'ArrowDown');
  assert.equal(await page.locator('.person:has(:checked)').textContent().then((text) => /Omar/.test(text)), true);
  await typed('9999');
  await keys('Enter');
  await page.getByText('That PIN is not right. 4 tries left.').waitFor();
  await page.keyboard.type(shop.pin('Omar'));
  await keys('Enter');
  await page.waitForURL('**/till');
});

test('keypad, shelf, discount and a note, then cash with change', async () => {
  await typed('350+450');
  await keys('ArrowDown');
  await tabTo('[data-show="items"]');
  await keys('Enter');
  await tabTo('#search');
  await typed('banana');
  await keys('Enter');
  await keys('Escape');
  assert.deepEqual(await lines(page), ['1 Amount 800.00', '1 Banana bread 450.00']);
  await tabTo('#discount-open');
  await keys('Enter');
  await page.keyboard.type('10');
  await keys('Enter');
  await tabTo('#lines > li:last-child [data-act="edit"]');
  await keys('Enter');
  await page.keyboard.type('2');
  await keys('Tab');
  await page.keyboard.type('Warm');
  await keys('Enter');
  assert.deepEqual(await lines(page), ['1 Amount 800.00', '2 Banana bread Warm 900.00']);
  assert.equal(await total(page), 'J$1,530.00');
  await tabTo('#charge-button');
  await keys('Enter');
  await page.getByRole('heading', { name: 'Add a tip for Omar?' }).waitFor();
  await tabTo('.offer[value="bp:1000"]');
  await keys('Enter');
  await until(page, 'waiting');
  await typed('2000');
  await page.waitForFunction(() => document.querySelector('#change')?.textContent === 'J$317.00');
  await keys('Enter');
  assert.equal((await look(page, 'change')).amount, 'J$317.00');
  assert.equal(await page.textContent('#say'), 'Paid. Give change J$317.00');
  await page.waitForTimeout(450);
  await keys('Enter');
  await page.waitForURL('**/till');
  assert.deepEqual(await lines(page), []);
});

test('a part by Lightning, the code copied, then cancelled', async () => {
  await typed('1200');
  await keys('Enter');
  await page.getByRole('heading', { name: /Add a tip/ }).waitFor();
  await tabTo('[name="tip"][value="none"]');
  await keys('Enter');
  await until(page, 'waiting');
  await tabTo('#part-open');
  await keys('Enter', 'Escape');
  assert.ok(await focused('#part-open'), 'Escape leads back to where one was');
  await keys('Enter');
  await page.keyboard.type('500');
  await keys('Enter');
  await page.waitForFunction(() => document.querySelector('.amount').textContent === 'J$500.00');
  assert.deepEqual((await sums(page)).slice(-1), ['Left to pay: J$1,200.00']);
  await tabTo('#copy');
  await keys('Enter');
  await page.getByText('Copied').first().waitFor();
  await tabTo('#cancel');
  await keys('Enter');
  await until(page, 'voided');
  await tabTo('#new');
});

test('park, take up again, look at recent sales, and lock', async () => {
  await page.goto('/till');
  await typed('75');
  await tabTo('#park-open');
  await keys('Enter');
  await page.keyboard.type('Miss Ivy');
  await keys('Enter');
  await page.getByText('Parked as Miss Ivy').waitFor();
  await tabTo('#parked summary');
  await keys('Enter');
  await tabTo('[data-parked]');
  await keys('Enter');
  await page.locator('#sale-name', { hasText: 'Miss Ivy' }).waitFor();
  assert.equal(await total(page), 'J$75.00');
  await tabTo('a[href="/till/recent"]');
  await keys('Enter');
  await page.getByRole('heading', { name: 'Recent sales' }).waitFor();
  await tabTo('.sold');
  await keys('Enter');
  await page.waitForURL(/chosen=/);
  await tabTo('form[action="/till/lock"] button');
  await keys('Enter');
  await page.getByText('Locked. Who is on the till?').waitFor();
});
