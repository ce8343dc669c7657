// The counter: shelf and keypad, scanner, discounts, tips, and sales that move between tablets.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { add, charge, lines, sums, total, type } from './hands.mjs';
import { openShop, openTill, until } from './shop.mjs';

let shop, page, other;
const names = () => page.locator('#tiles > li:visible b').allTextContents();
/** A scanner types a code faster than any hand, and ends it with Enter. */
async function scanner(code) {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

before(async () => {
  shop = await openShop({ on: 'postgres' });
  other = await openTill(shop, { who: 'Omar' });
  page = await openTill(shop);
});
after(() => shop?.close());
beforeEach(async () => {
  await page.goto('/till');
  if ((await lines(page)).length) await page.click('#clear');
});
afterEach(() => assert.deepEqual([...page.faults.splice(0), ...other.faults.splice(0)], []));

test('a category narrows the shelf, and what is sold out cannot be sold', async () => {
  await page.click('.chip:text-is("Bakes")');
  assert.deepEqual(await names(), ['Coco bread', 'Banana bread', 'Gizzada', 'Rum cake']);
  assert.ok(await page.locator('.tile', { hasText: 'Rum cake' }).isDisabled());
  await page.click('.chip:text-is("All")');
  assert.equal((await names()).length, 16);
});

test('running sums, named and ended by Next item', async () => {
  await type(page, '350+450');
  await page.fill('#what', 'Two patties');
  await page.click('[data-key="next"]');
  await type(page, '00.5');
  assert.equal(await total(page), 'J$800.50');
  assert.deepEqual(await lines(page), ['1 Two patties 800.00', 'Amount on the keypad 0.5 0.50']);
  await page.click('[data-key="erase"]');
  await page.click('[data-key="erase"]');
  assert.equal(await total(page), 'J$800.00');
});

test('a scanner adds what it reads, wherever the cursor is', async () => {
  await scanner('2000000000015');
  assert.deepEqual(await lines(page), ['1 Ginger beer 450.00']);
  await type(page, '70');
  await scanner('2000000000022');
  assert.deepEqual(await lines(page), ['1 Ginger beer 450.00', '1 Coconut water 500.00', 'Amount on the keypad 70.00']);
  await page.click('[data-show="items"]');
  await page.focus('#search');
  await scanner('2000000000015');
  assert.equal((await lines(page))[0], '2 Ginger beer 900.00');
  assert.equal(await page.inputValue('#search'), '');
  await scanner('4006381333931');
  assert.match(await page.textContent('#nothing'), /Nothing called “4006381333931”\. Use the keypad\?/);
});

test('a scanned code never charges: neither one that is sold out, nor one that nobody knows', async () => {
  await shop.rows("UPDATE item SET barcode = '1001' WHERE name = 'Rum cake'");
  await page.reload();
  await scanner('1001');
  await page.locator('#notice', { hasText: 'Rum cake is sold out.' }).waitFor();
  await scanner('4711');
  assert.match(await page.textContent('#nothing'), /Nothing called “4711”/);
  assert.deepEqual(await lines(page), []);
  assert.match(page.url(), /\/till$/);
});

test('a discount by a typed percentage or by an amount, and none', async () => {
  await add(page, 'Flat white', 'Gizzada');
  const discount = async (kind, value) => {
    await page.click('#discount-open');
    await page.click(`[data-kind="${kind}"]`);
    await page.fill('#discount-value', value);
    await page.click('#discount button[value="ok"]');
  };
  await discount('percent', '12.5');
  assert.deepEqual(await sums(page, '#sums'), ['2 items: 1,100.00', '12.5% off: −137.50', 'GCT 15%, included: 125.54']);
  assert.equal(await total(page), 'J$962.50');
  await discount('amount', '50.25');
  assert.equal(await total(page), 'J$1,049.75');
  await discount('percent', '101');
  assert.equal(await page.textContent('#discount-wrong [data-words]'), 'No more than 100%, please.');
  await page.click('#discount [data-remove]');
  assert.equal(await total(page), 'J$1,100.00');
});

test('the tip that is offered is the tip that is charged', async () => {
  await add(page, 'Flat white', 'Gizzada');
  await page.click('#charge-button');
  const offers = page.locator('.offer');
  await offers.first().waitFor();
  const texts = (await offers.allTextContents()).map((text) => text.replace(/\s+/g, ' '));
  assert.deepEqual(texts, ['10%J$110.00makes J$1,210.00', '15%J$165.00makes J$1,265.00', '20%J$220.00makes J$1,320.00']);
  await page.click('a:has-text("Back")');
  assert.equal((await lines(page)).length, 2, 'the way back leads to the same sale');
  await charge(page, 'bp:1500');
  assert.deepEqual(await sums(page), ['Bill: J$1,100.00', 'Tip for Keisha: J$165.00', 'Left to pay: J$1,265.00']);
});

test('a tip of one’s own, typed as people type', async () => {
  await add(page, 'Flat white');
  await page.click('#charge-button');
  const own = async (text) => {
    await page.click('[data-open="another"]');
    await page.fill('[name="tip_amount"]', text);
    await page.click('[value="custom"]');
  };
  await own('100.005');
  await page.locator('#wrong', { hasText: 'No more than 2 decimals, please.' }).waitFor();
  await own('1,000,000');
  await page.locator('#wrong', { hasText: 'The tip must be between nothing and ten times the bill' }).waitFor();
  await own('J$1,050.50');
  await until(page, 'waiting');
  assert.deepEqual(await sums(page), ['Bill: J$750.00', 'Tip for Keisha: J$1,050.50', 'Left to pay: J$1,800.50']);
});

test('a sale parked here is taken up by another tablet, once', async () => {
  await add(page, 'Flat white', 'Flat white', 'Gizzada');
  await page.click('#park-open');
  await page.fill('#park-name', 'Table 4');
  await page.click('#park button[value="ok"]');
  await page.getByText('Parked as Table 4').waitFor();
  await other.goto('/till');
  await other.click('#parked summary');
  assert.match(await other.textContent('[data-parked]'), /Table 4\s*Keisha, \d+ seconds? ago\s*J\$1,850\.00/);
  await other.click('[data-parked]');
  await other.locator('#sale-name', { hasText: 'Table 4' }).waitFor();
  assert.deepEqual(await lines(other), ['2 Flat white 1,500.00', '1 Gizzada 350.00']);
  await page.click('#parked summary');
  await page.click('[data-parked]');
  await page.getByText('This sale was taken up on another tablet a moment ago.').waitFor();
  assert.deepEqual(await lines(page), []);
  await charge(other);
  await until(other, 'waiting');
  assert.equal(await other.textContent('.amount'), 'J$1,850.00');
});

test('a price that changed under the open page is said, never charged', async () => {
  await add(page, 'Espresso');
  await shop.rows("UPDATE item SET price = 55000 WHERE name = 'Espresso'");
  await page.click('#charge-button');
  await page.locator('#notice', { hasText: 'A price has changed since this page was opened.' }).waitFor();
  await page.reload();
  await page.locator('#notice', { hasText: 'The price of Espresso has changed.' }).waitFor();
  assert.equal(await total(page), 'J$550.00');
  await charge(page);
  assert.equal(await page.textContent('.amount'), 'J$550.00');
});
