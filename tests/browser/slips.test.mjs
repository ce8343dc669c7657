// What slips at a counter with a queue: a scan at the wrong moment, a session that ends, an answer that
// is lost. Nothing is taken that nobody gave, and no sale is lost or made twice.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { add, charge, lines, look, sell, takeCash, type } from './hands.mjs';
import { openShop, openTill, playCustomer, unlock, until } from './shop.mjs';

let shop, page;
/** A scanner types a code faster than any hand, waits for nobody, and ends it with Enter. */
const scanner = (code) => Promise.all([...code, 'Enter'].map((key) => page.keyboard.press(key)));
/** Somebody locks the till in another tab. */
const lockElsewhere = () =>
  page.evaluate(async () => {
    const csrf = document.querySelector('[name="csrf"]').value;
    await fetch('/till/lock', { method: 'POST', body: new URLSearchParams({ csrf }), redirect: 'manual' });
  });
/** Charges a sum whose answer is lost: the server has the sale, the tablet does not know. */
async function chargeUnheard(sum) {
  await type(page, sum);
  await page.click('#charge-button');
  await page.waitForSelector('#tip');
  const lost = loseAnswer('**/till/sales');
  await page.click('#tip button[value="none"]', { noWaitAfter: true });
  await lost;
}
/** The server does what is asked of it next, and its answer never comes. */
async function loseAnswer(pattern) {
  let done;
  const lost = new Promise((resolve) => (done = resolve));
  await page.route(pattern, async (route) => {
    await route.fetch({ maxRedirects: 0 });
    await route.abort();
    done();
  }, { times: 1 });
  return lost;
}

before(async () => {
  shop = await openShop();
  page = await openTill(shop);
});
after(() => shop?.close());
beforeEach(async () => {
  await page.goto('/till?view=items');
  if ((await lines(page)).length) await page.click('#clear');
});
afterEach(() => {
  const expected = /ERR_FAILED|status of 4(01|09|22)/;
  assert.deepEqual(page.faults.splice(0).filter((fault) => !expected.test(fault)), []);
});

test('what is scanned while a customer pays is no cash', async () => {
  await sell(page, '640');
  await until(page, 'waiting');
  await scanner('4011');
  await page.getByText('Something was scanned. Finish this sale first, then scan it.').waitFor();
  assert.equal(await page.getAttribute('#way-lightning', 'aria-pressed'), 'true');
  assert.equal(await page.inputValue('#received'), '');
  assert.equal((await look(page, 'waiting')).amount, 'J$640.00');
  await page.click('#way-cash');
  await page.fill('#received', '700');
  await scanner('96385074');
  assert.equal(await page.inputValue('#received'), '700', 'what was typed by hand stays');
  await page.click('#take');
  assert.equal((await look(page, 'change')).amount, 'J$60.00');
});

test('what is scanned when it is paid does not end the sale', async () => {
  await sell(page, '300');
  await takeCash(page, '500');
  await until(page, 'change');
  await page.waitForTimeout(450);
  await scanner('2000000000015');
  await page.getByText('Something was scanned. Finish this sale first').waitFor();
  assert.equal((await look(page, 'change')).amount, 'J$200.00');
});

test('a sale that cannot be parked at the door is kept', async () => {
  await add(page, 'Flat white', 'Gizzada');
  await lockElsewhere();
  await page.click('#park-open');
  await page.fill('#park-name', 'Table 4');
  await page.click('#park button[value="ok"]');
  await page.waitForURL(/\/till\/unlock/);
  await page.getByText('Signed out. The sale is kept.').waitFor();
  await unlock(page, shop);
  assert.deepEqual(await lines(page), ['1 Flat white 750.00', '1 Gizzada 350.00']);
  assert.equal(await page.locator('#notice', { hasText: 'Parked' }).count(), 0);
});

test('a PIN typed wrong once still leads back to the sale that waits', async () => {
  const sale = await sell(page, '275');
  await lockElsewhere();
  await page.reload();
  await page.click('.person:has-text("Keisha")');
  await page.fill('#pin', '0000');
  await page.keyboard.press('Enter');
  await page.locator('#wrong').waitFor();
  assert.ok(await page.getByText('Signed out. The sale is kept.').isVisible());
  await page.fill('#pin', shop.pin('Keisha'));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === sale);
  await playCustomer(page);
  await until(page, 'paid');
});

test('a parked sale whose answer was lost is taken up by the next press', async () => {
  await add(page, 'Espresso', 'Coco bread');
  await page.click('#park-open');
  await page.fill('#park-name', 'Miss Ivy');
  await page.click('#park button[value="ok"]');
  await page.getByText('Parked as Miss Ivy').waitFor();
  const lost = loseAnswer('**/take');
  await page.click('#parked summary');
  await page.click('[data-parked]');
  await lost;
  await page.getByText('No connection. Try again.').waitFor();
  await page.click('#parked summary');
  await page.click('[data-parked]');
  await page.locator('#sale-name', { hasText: 'Miss Ivy' }).waitFor();
  assert.deepEqual(await lines(page), ['1 Espresso 500.00', '1 Coco bread 200.00']);
});

test('the next sale is its own, though it looks like one whose answer was lost', async () => {
  await chargeUnheard('810');
  await page.goto('/till');
  await page.click('#clear');
  await type(page, '810');
  await charge(page);
  const second = new URL(page.url()).pathname;
  await page.goto('/till/recent');
  const sales = await page.locator('.sold', { hasText: 'J$810.00' }).evaluateAll((links) => links.map(({ href }) => new URL(href).searchParams.get('chosen')));
  assert.equal(sales.length, 2);
  assert.ok(sales.some((id) => second.endsWith(id)));
});

test('opened from the list, a sale whose answer was lost ends its cart', async () => {
  await chargeUnheard('820');
  await page.goto('/till/recent');
  await page.locator('.sold', { hasText: 'J$820.00' }).click();
  await page.click('a:has-text("Open")');
  await until(page, 'waiting');
  await page.goto('/till');
  assert.deepEqual(await lines(page), []);
});

test('a sale of long ago is found by its receipt number, and Back leads to the same list', async () => {
  await sell(page, '125');
  await takeCash(page, '125');
  await until(page, 'paid');
  await page.goto('/till/recent?show=paid');
  const number = (await page.locator('.sold small').first().textContent()).split(' ')[0];
  await page.fill('[name="q"]', number.toLowerCase());
  await page.keyboard.press('Enter');
  await page.locator('#chosen', { hasText: number }).waitFor();
  await page.locator('.sold').click();
  assert.match(await page.getAttribute('.cart-head a', 'href'), new RegExp(`show=paid&q=${number.toLowerCase()}`));
});
