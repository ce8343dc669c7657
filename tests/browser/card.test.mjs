// Flash Cards in a browser: the owner issues one, a cashier puts cash on it, a tap pays; and what does
// not pay says why.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { readQr, violations } from './browser.mjs';
import { Chip, hold, withReader } from './chip.mjs';
import { look, sell } from './hands.mjs';
import { signIn } from './owner.mjs';
import { openShop, openTill, state, until } from './shop.mjs';

let shop, page, owner;
const chip = new Chip();
const refused = () => page.locator('[data-wrong]');

/** Makes a code for one card and reads it off the owner's screen as a phone does. */
async function code(label) {
  await owner.goto(`${owner.home}/cards/new`);
  await owner.fill('#f-label', label);
  await owner.getByRole('button', { name: 'Show the code' }).click();
  await owner.locator('.code-page .qr').waitFor();
  return readQr(owner.locator('.code-page .qr'));
}

/** Puts cash on a card at the till. */
async function topUp(amount) {
  await page.goto('/till/cards');
  await page.fill('#amount', amount);
  await hold(page, chip.tap());
  await page.waitForURL('**/till/cards/moves/*');
}

/** Says what the till says once a card was held to it. */
async function says(words) {
  await refused().filter({ hasText: words }).waitFor();
  assert.notEqual(await state(page), 'paid');
}

before(async () => {
  shop = await openShop();
  owner = await signIn(shop);
  page = await openTill(shop);
  await withReader(page);
});
after(() => shop?.close());
afterEach(() => assert.deepEqual([...page.faults.splice(0), ...owner.faults.splice(0)], []));

test('the owner shows a code, and an app makes a card of a chip with it, once', async () => {
  const link = await code('Marcia');
  assert.match(link, /^boltcard:\/\/program\?url=http/);
  assert.equal(await owner.getAttribute('#program', 'href'), link);
  assert.match(await owner.textContent('.code-page .badge'), /\d+:\d\d/);
  assert.deepEqual(await violations(owner), []);
  assert.deepEqual(await chip.program(link), { status: 200, reason: undefined });
  assert.deepEqual(chip.read(chip.tap()), chip.uid);
  assert.equal((await new Chip().program(link)).reason, 'This code was used, or its time is over. Make a new one.');
  await owner.goto(`${owner.home}/cards`);
  assert.match(await owner.textContent('.people'), /Marcia.*0 sats.*Never tapped.*Not tapped yet/s);
});

test('a cashier puts cash on it with a tap', async () => {
  await topUp('1000');
  assert.match(await page.textContent('#topped-up'), /J\$1,000\.00.*8,114 sats.*8,114 sats.*Keisha/s);
  await owner.goto(`${owner.home}/cards`);
  assert.match(await owner.textContent('.people'), /8,114 sats.*Last tap.*In use/s);
});

test('a card held to the tablet pays the sale on the screen', async () => {
  await sell(page, '400');
  await hold(page, chip.tap());
  assert.deepEqual((await look(page, 'paid')).amount, 'J$400.00');
  await page.getByText(/Flash Card/).waitFor();
  await hold(page, chip.tap());
  assert.equal(await state(page), 'paid', 'a card left on the tablet pays nothing more');
});

test('a keyboard reader pays too, and its keys go nowhere else', async () => {
  await sell(page, '100');
  await page.keyboard.type(chip.tap());
  await page.keyboard.press('Enter');
  await until(page, 'paid');
});

test('too little, a second tap, a forged one, another card: each says so, and the code stays', async () => {
  await sell(page, '900');
  const link = chip.tap();
  await hold(page, link);
  await says('Not enough on the card: J$');
  assert.equal(await page.getAttribute('#way-card', 'aria-pressed'), 'true');
  await hold(page, link);
  await says('Tapped twice. Take the card away, and tap it again.');
  const forged = chip.tap();
  await hold(page, forged.slice(0, -2) + (forged.endsWith('00') ? '11' : '00'));
  await says('This tap is not genuine.');
  const elsewhere = Object.assign(new Chip(), { link: chip.link, k1: Buffer.alloc(16, 7), k2: chip.k2 });
  await hold(page, elsewhere.tap());
  await says('This is not our card.');
  await page.click('#way-lightning');
  assert.equal(await page.locator('.way .qr').isVisible(), true);
});

test('a frozen card says so, and pays when it is thawed', async () => {
  await owner.goto(`${owner.home}/cards`);
  await owner.getByRole('link', { name: 'Change Marcia' }).click();
  await owner.getByRole('button', { name: 'Freeze it' }).click();
  await owner.getByText('Frozen: it pays nothing').waitFor();
  await sell(page, '50');
  await page.click('#way-card');
  assert.deepEqual(await violations(page), []);
  await page.fill('#card-link', chip.tap());
  await page.getByRole('button', { name: 'Pay by card' }).click();
  await says('This card is frozen. Nothing was taken.');
  await owner.getByRole('button', { name: 'Thaw Marcia' }).click();
  await owner.getByText('Thawed').waitFor();
  await hold(page, chip.tap());
  await until(page, 'paid');
});
