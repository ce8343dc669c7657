// A card's own page on its holder's phone: opened by a tap or by a code from the till, and what can be
// seen and changed there, with and without scripts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { readQr } from './browser.mjs';
import { Chip, hold, withReader } from './chip.mjs';
import { sell } from './hands.mjs';
import { looking } from './looked.mjs';
import { openShop, openTill, PHONE, until } from './shop.mjs';

const NPUB = 'npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg';
const PIN = '7294';
const look = looking('portal');
const chip = new Chip();
let shop, till, phone;

/** What a phone opens that the card is held to. */
const tapped = (link = chip.tap()) => link.replace('lnurlw://', 'http://');

/** Holds the card to the phone, which opens its page. */
async function open(page = phone) {
  await page.goto(tapped());
  await page.locator('#own').waitFor();
}

/** Presses a button that sends its form, and waits for the page that answers. */
async function press(name, page = phone) {
  await page.evaluate(() => document.documentElement.setAttribute('data-old', ''));
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('html:not([data-old])').waitFor();
  await page.waitForLoadState('domcontentloaded');
}

before(async () => {
  shop = await openShop();
  till = await openTill(shop);
  await withReader(till);
  phone = await shop.visitor({ viewport: PHONE, hasTouch: true });
  await till.goto('/till/cards/new');
  await till.fill('[name="label"]', 'Marcia');
  await till.getByRole('button', { name: 'Show the code' }).click();
  await till.locator('#code').waitFor();
  assert.equal((await chip.program(await readQr(till.locator('#code')))).status, 200);
  await till.goto('/till/cards');
  await till.fill('#amount', '5000');
  await hold(till, chip.tap());
  await till.waitForURL('**/till/cards/moves/*');
});
after(() => shop?.close());
afterEach(() => assert.deepEqual([...till.faults.splice(0), ...phone.faults.splice(0)], []));

test('a tap on a phone opens the card’s page, under an address that holds no tap', async () => {
  await sell(till, '400');
  await hold(till, chip.tap());
  await until(till, 'paid');
  const link = tapped();
  await phone.goto(link);
  await phone.locator('#own').waitFor();
  assert.equal(new URL(phone.url()).pathname + new URL(phone.url()).search, '/card/own');
  assert.equal(await phone.evaluate(() => history.length), 2, 'no page of the tap to go back to');
  assert.match(await phone.textContent('#own'), /Marcia.*In use.*J\$4,\d{3}\.\d\d.*sats.*at the price \d+ \w+ ago.*−J\$400\.00.*Topped up/s);
  await look(phone, 'card', { code: '.qr' });
  await phone.goto(link);
  await phone.locator('#own').waitFor();
  await phone.reload();
  assert.equal(await phone.locator('.plastic .badge').textContent(), 'In use', 'no alarm over a page opened again');
});

test('a receipt is one press away', async () => {
  await phone.setViewportSize(PHONE);
  await open();
  const [receipt] = await Promise.all([phone.context().waitForEvent('page'), phone.getByRole('link', { name: /^Receipt of/ }).first().click()]);
  await receipt.getByText('Flash Card').first().waitFor();
  await receipt.close();
});

test('the code to top up is read off the screen, copied and opened', async () => {
  const shown = await readQr(phone.locator('.qr'));
  assert.match(shown, /^lnurlp:\/\/127\.0\.0\.1:\d+\/card\/top-up\/\w+$/);
  assert.equal(await phone.getAttribute('#wallet', 'href'), shown);
  await phone.getByRole('button', { name: 'Copy' }).click();
  await phone.getByRole('button', { name: 'Copied' }).waitFor();
});

test('a used tap, a forged one and another’s show nothing of the card', async () => {
  const stranger = await shop.visitor({ viewport: PHONE });
  const used = tapped();
  await phone.goto(used);
  await phone.locator('#own').waitFor();
  await stranger.goto(used);
  await stranger.getByRole('heading', { name: 'Tap the card again' }).waitFor();
  await look(stranger, 'used');
  const forged = tapped();
  await stranger.goto(forged.slice(0, -2) + (forged.endsWith('00') ? '11' : '00'));
  await stranger.getByRole('heading', { name: 'This is not our card' }).waitFor();
  assert.equal(new URL(stranger.url()).search, '?why=other');
  await stranger.goto('/card/own');
  await stranger.getByRole('heading', { name: 'Tap the card again' }).waitFor();
  assert.doesNotMatch(await stranger.textContent('body'), /Marcia|sats/);
  await stranger.context().close();
});

test('a phone that reads cards goes in by a tap at the door', async () => {
  const reader = await shop.visitor({ viewport: PHONE });
  await withReader(reader);
  await reader.goto('/card/own/tap');
  await look(reader, 'door');
  await hold(reader, chip.tap());
  await reader.locator('#own').waitFor();
  assert.equal(new URL(reader.url()).search, '');
  await reader.context().close();
});

test('limits are lowered, and never raised above the shop’s own', async () => {
  await open();
  await phone.getByRole('link', { name: 'Limits' }).click();
  await look(phone, 'limits');
  await phone.fill('[name="tap"]', '99999999');
  await press('Keep them');
  await phone.getByRole('alert').filter({ hasText: 'The shop’s own limits are lower' }).waitFor();
  await phone.fill('[name="tap"]', '20000');
  await press('Keep them');
  assert.match(await phone.textContent('#own'), /The limits are kept\..*At most by one tap20,000 sats/s);
});

test('a PIN is given, and thaws what its holder froze', async () => {
  await phone.getByRole('link', { name: 'PIN', exact: true }).click();
  await phone.fill('[name="new"]', PIN);
  await phone.fill('[name="twice"]', '7295');
  await press('Keep it');
  await phone.getByRole('alert').waitFor();
  assert.equal(await phone.inputValue('[name="new"]'), '', 'never written back');
  await look(phone, 'pin');
  await phone.fill('[name="new"]', PIN);
  await phone.fill('[name="twice"]', PIN);
  await press('Keep it');
  await press('Freeze it');
  assert.match(await phone.textContent('#own'), /Frozen: the card pays nothing now\./);
  await look(phone, 'frozen');
  await sell(till, '50');
  await hold(till, chip.tap());
  await till.locator('[data-wrong]', { hasText: 'This card is frozen' }).waitFor();
  await phone.fill('[name="pin"]', '7290');
  await press('Thaw it');
  await phone.getByRole('alert').filter({ hasText: '2 tries left' }).waitFor();
  await phone.fill('[name="pin"]', PIN);
  await press('Thaw it');
  assert.match(await phone.textContent('#own'), /Thawed.*In use/s);
});

test('a name, an inbox and the data are the holder’s', async () => {
  await phone.getByRole('link', { name: 'You and your data' }).click();
  await look(phone, 'you');
  await phone.fill('[name="name"]', 'Mum’s card');
  await press('Keep it');
  await phone.locator('.plastic', { hasText: 'Mum’s card' }).waitFor();
  await phone.goto('/card/own/you');
  await phone.fill('input.mono[name="npub"]', NPUB);
  await phone.fill('[name="pin"]', PIN);
  await press('Send receipts there');
  await phone.goto('/card/own/you');
  assert.equal(await phone.textContent('#npub'), NPUB);
  for (const [name, ending] of [['As a table', '.csv'], ['As JSON', '.json']]) {
    const [file] = await Promise.all([phone.waitForEvent('download'), phone.getByRole('link', { name }).click()]);
    assert.ok(file.suggestedFilename().endsWith(ending));
    assert.match(await readFile(await file.path(), 'utf8'), /Mum’s card/);
  }
  await press('Take it away');
  assert.match(await phone.textContent('#own'), /Receipts go to no inbox/);
});

test('a code from the till opens the page once, without a tap on the phone', async () => {
  await till.goto('/till/cards');
  await hold(till, chip.tap());
  await till.waitForURL('**/till/cards/seen/*');
  await till.getByRole('button', { name: /holder’s page/ }).click();
  const link = await readQr(till.locator('#code'));
  const other = await shop.visitor({ viewport: PHONE, javaScriptEnabled: false });
  await other.goto(link);
  await other.locator('#own').waitFor();
  assert.equal(new URL(other.url()).pathname, '/card/own');
  await press('Freeze it', other);
  assert.match(await other.textContent('#own'), /You froze this card/);
  await other.fill('[name="pin"]', PIN);
  await press('Thaw it', other);
  const late = await shop.visitor({ viewport: PHONE });
  await late.goto(link);
  await late.getByText('This link was used before, or is too old.').waitFor();
  await late.context().close();
  await other.context().close();
});

test('whoever leaves, or stays too long, is asked for a tap', async () => {
  await open();
  await press('Sign out');
  await phone.getByRole('heading', { name: 'Signed out' }).waitFor();
  await phone.goBack();
  await phone.goto('/card/own/history');
  await phone.getByRole('heading', { name: 'Tap the card again' }).waitFor();
  await open();
  await phone.context().clearCookies();
  await press('Freeze it');
  assert.match(await phone.textContent('main'), /Nothing was changed/);
  await open();
  assert.equal(await phone.locator('.plastic .badge').textContent(), 'In use');
});
