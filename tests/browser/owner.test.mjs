// The owner's day: what is changed on the dashboard is what the till sells, asks and lets in.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { add, charge, lines, look, sell, sums, takeCash, total } from './hands.mjs';
import { pairing, signIn } from './owner.mjs';
import { openShop, openTill, unlock, until } from './shop.mjs';

let shop, owner, till;
const open = (path) => owner.goto(owner.home + path);
/** Fills a form of the dashboard and sends it; answers what the page says then. */
async function save(path, fields, button = 'main form.form button.go') {
  if (path) await open(path);
  for (const [name, value] of Object.entries(fields)) {
    const field = owner.locator(`main [name="${name}"]`).first();
    const kind = await field.evaluate((one) => one.type);
    if (kind === 'radio') await owner.locator(`main label:has([name="${name}"][value="${value}"])`).click();
    else if (kind === 'select-one') await field.selectOption(value);
    else await field.fill(value);
  }
  await owner.click(button);
  return owner.locator('main .notice').first().textContent();
}

before(async () => {
  shop = await openShop();
  owner = await signIn(shop);
  till = await openTill(shop);
});
after(() => shop?.close());
afterEach(() => assert.deepEqual([...owner.faults.splice(0), ...till.faults.splice(0)], []));

test('a new item in a new category stands on the shelf, and its barcode sells it', async () => {
  await save('/categories/new', { name: 'Sweets', tint: '3' });
  await save('/items/new', { name: 'Grater cake', price: '180.50', category: { label: 'Sweets' }, barcode: '7501000111206' });
  await till.goto('/till');
  await till.click('.chip:text-is("Sweets")');
  assert.deepEqual(await till.locator('#tiles > li:visible b').allTextContents(), ['Grater cake']);
  await till.keyboard.type('7501000111206');
  await till.keyboard.press('Enter');
  assert.deepEqual(await lines(till), ['1 Grater cake 180.50']);
  await till.click('#clear');
});

test('an item that makes no sense is refused at its field, and what was typed stays', async () => {
  await open('/items/new');
  await owner.fill('[name="name"]', 'Bammy');
  await owner.fill('[name="price"]', '12.345');
  await owner.click('main form.form button.go');
  await owner.locator('#price-fault').waitFor();
  assert.match(await owner.textContent('#price-fault'), /decimals/);
  assert.equal(await owner.inputValue('[name="name"]'), 'Bammy');
});

test('sold out on the dashboard, sold out at the till', async () => {
  await open('/items');
  await owner.getByRole('button', { name: /^Sold out.*Espresso$/ }).click();
  await owner.locator('button[aria-pressed="true"]', { hasText: 'Espresso' }).waitFor();
  await till.goto('/till');
  assert.ok(await till.locator('.tile', { hasText: 'Espresso' }).isDisabled());
});

test('tax on top, no tips, a five-dollar coin: the till asks so', async () => {
  await save('/settings', { inclusive: 'no', tax: '12.5', tips: '', coin: '5' });
  await till.goto('/till');
  await add(till, 'Flat white');
  assert.deepEqual(await sums(till, '#sums'), ['1 item: 750.00', 'GCT 12.5%: 93.75']);
  assert.equal(await total(till), 'J$843.75');
  await till.click('#charge-button');
  await until(till, 'waiting');
  await till.click('#way-cash');
  assert.match(await till.textContent('.due-cash'), /J\$845\.00/);
  await till.fill('#received', '900');
  await till.click('#take');
  assert.equal((await look(till, 'change')).amount, 'J$55.00');
  await save('/settings', { inclusive: 'yes', tax: '15', tips: '10, 15, 20', coin: '1' });
});

test('a code is good for as long as the owner says', async () => {
  await save('/settings', { minutes: '1' });
  await sell(till, '100');
  assert.match(await till.textContent('#left'), /^(1:00|0:5\d)$/);
  await save('/settings', { minutes: '10' });
  await takeCash(till, '100');
  await until(till, 'paid');
});

test('a new cashier is let in, and out again', async () => {
  await save('/staff/new', { name: 'Tanya', role: 'cashier', pin: '908172' });
  shop.pins = { Tanya: '908172' };
  const tablet = await openTill(shop, { who: 'Tanya', link: await pairing(owner) });
  await sell(tablet, '50');
  await open('/staff');
  await owner.getByRole('link', { name: /Tanya/ }).first().click();
  await owner.locator('section[aria-label="More"] button').first().click();
  await owner.locator('.badge', { hasText: 'Gone' }).waitFor();
  await tablet.goto('/till');
  await tablet.waitForURL((url) => url.pathname === '/till/unlock');
  assert.equal(await tablet.getByText('Tanya', { exact: true }).count(), 0);
  await unlock(tablet, shop, 'Omar');
});

test('a second till has numbers of its own, and an unpaired tablet is no till', async () => {
  await save('/tills/new', { name: 'Bar', prefix: 'B7' });
  await open('/tills');
  const bar = owner.locator('section[aria-label="Bar"]');
  await bar.getByRole('button', { name: 'Pair a tablet' }).click();
  const address = (await owner.textContent('.code-page .mono')).trim();
  const code = (await owner.textContent('.code-signs')).trim();
  const tablet = await openTill(shop, { link: `${address}?code=${encodeURIComponent(code)}` });
  await sell(tablet, '75');
  await takeCash(tablet, '75');
  await until(tablet, 'paid');
  assert.equal(await tablet.textContent('#receipt'), 'Receipt B7-00001');
  await open('/tills');
  await bar.getByRole('button', { name: 'Unpair' }).click();
  await owner.locator('main .notice').waitFor();
  await tablet.goto('/till');
  await tablet.waitForURL((url) => url.pathname === '/pair');
});
