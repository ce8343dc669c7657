// The life of a Flash Card in a browser: issued by a manager, looked at before an amount, tapped while a
// sale is made, its PIN, its receipt, frozen, copied, lost, wiped; and many at once.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { readQr } from './browser.mjs';
import { Chip, hold, withReader } from './chip.mjs';
import { sell, type } from './hands.mjs';
import { looking } from './looked.mjs';
import { signIn } from './owner.mjs';
import { openShop, openTill, state, until } from './shop.mjs';

let shop, page, owner, password;
const look = looking('card-life');
const chip = new Chip();
const refused = () => page.locator('[data-wrong]');

/** Opens the page of a card by its name, as a manager does. */
async function open(name) {
  await page.goto(`/till/cards/find?q=${name}`);
  await page.getByRole('link', { name, exact: true }).click();
  await page.locator('#seen').waitFor();
}

/** A manager issues a card, and an app writes it onto a chip. */
async function issue(name, blank) {
  await page.goto('/till/cards/new');
  await page.fill('[name="label"]', name);
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.locator('#code').waitFor();
  const written = await blank.program(await readQr(page.locator('#code')));
  assert.equal(written.status, 200, written.reason);
}

before(async () => {
  shop = await openShop();
  password = shop.said('Owner', '\\S+, password (\\S+)');
  owner = await signIn(shop);
  page = await openTill(shop);
  await withReader(page);
});
after(() => shop?.close());
afterEach(() => assert.deepEqual([...page.faults.splice(0), ...owner.faults.splice(0)], []));

test('a manager issues a card at the till', async () => {
  await page.goto('/till/cards/new');
  await look(page, 'issue');
  await page.fill('[name="label"]', 'Marcia');
  await page.getByRole('button', { name: 'Show the code' }).click();
  await page.locator('#code').waitFor();
  await look(page, 'issue-code', { code: '#code' });
  assert.equal((await chip.program(await readQr(page.locator('#code')))).status, 200);
  await page.goto('/till/cards');
  await look(page, 'top-up');
  await page.fill('#amount', '2000');
  await hold(page, chip.tap());
  await page.waitForURL('**/till/cards/moves/*');
});

test('before an amount a tap says what is on the card', async () => {
  await page.goto('/till');
  await hold(page, chip.tap());
  await page.locator('#notice', { hasText: /Marcia: J\$[12],\d{3}\.\d\d, [\d,]+ sats on the card\. In use\./ }).waitFor();
  await page.goto('/till');
  await page.waitForFunction(() => window.reader);
  await page.keyboard.type(chip.tap());
  await page.keyboard.press('Enter');
  await page.locator('#notice', { hasText: 'Marcia: J$' }).waitFor();
  assert.equal(await page.locator('#typed').textContent(), 'J$0.00', 'a keyboard reader’s digits are no sum');
  await page.goto('/till/cards');
  await hold(page, chip.tap());
  await page.waitForURL('**/till/cards/seen/*');
  assert.match(await page.textContent('#seen'), /Marcia.*At most by one tap.*Topped up/s);
  await look(page, 'card');
  await page.getByRole('button', { name: /holder’s page/ }).click();
  assert.match(await readQr(page.locator('#code')), /\/card\/open\/[0-9a-f]{64}$/);
});

test('a tap while the sale is being made waits for it and is used once', async () => {
  await page.goto('/till');
  await type(page, '100');
  await page.click('#charge-button');
  await page.locator('#tip').waitFor();
  await page.route('**/till/sales', async (route) => {
    await new Promise((done) => setTimeout(done, 600));
    await route.continue();
  });
  const sent = page.click('#tip button[name="tip"][value="none"]');
  await hold(page, chip.tap());
  await page.getByText('Card read. It pays when the amount is ready.').waitFor();
  await sent;
  await until(page, 'paid');
  await page.unroute('**/till/sales');
  assert.equal(await page.evaluate(() => sessionStorage.getItem('pos.tap')), null);
});

test('after success a tap offers the receipt and moves nothing', async () => {
  await page.waitForTimeout(450);
  await hold(page, chip.tap());
  await page.locator('dialog#code[open]').waitFor();
  assert.equal(await state(page), 'paid');
  assert.match(await readQr(page.locator('dialog#code .qr')), /\/r\//);
});

test('a PIN is typed on the tablet, by finger and by keyboard; nobody sees it', async () => {
  await open('Marcia');
  await page.getByText('Give it a PIN').click();
  await page.fill('[name="pin"]', '2580');
  await look(page, 'card-manager');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByText('The PIN is changed.').waitFor();
  await sell(page, '150');
  await hold(page, chip.tap());
  await page.locator('dialog#card-pin[open]').waitFor();
  await look(page, 'pin');
  for (const digit of '1470') await page.click(`#card-pin [data-key="${digit}"]`);
  assert.equal(await page.getAttribute('#holder-pin', 'type'), 'password');
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await refused().filter({ hasText: 'Wrong PIN: two tries left.' }).waitFor();
  await hold(page, chip.tap());
  await page.locator('dialog#card-pin[open]').waitFor();
  await page.keyboard.type('2580');
  await page.keyboard.press('Enter');
  await until(page, 'paid');
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage })), /2580|1470/);
});

test('three wrong PINs block it until a manager resets it', async () => {
  await sell(page, '60');
  for (const words of ['two tries left', 'one try left', 'PIN is blocked: a manager can reset it.']) {
    await hold(page, chip.tap());
    await page.locator('dialog#card-pin[open]').waitFor();
    await page.keyboard.type('1111');
    await page.keyboard.press('Enter');
    await refused().filter({ hasText: words }).waitFor();
  }
  await hold(page, chip.tap());
  await refused().filter({ hasText: 'PIN is blocked' }).waitFor();
  assert.equal(await page.locator('dialog#card-pin[open]').count(), 0);
  const sale = page.url();
  await open('Marcia');
  await page.getByRole('button', { name: 'Let the PIN be tried again' }).click();
  await page.getByText('The PIN may be tried again.').waitFor();
  await page.goto(sale);
  await hold(page, chip.tap());
  await page.locator('dialog#card-pin[open]').waitFor();
  await page.keyboard.type('2580');
  await page.keyboard.press('Enter');
  await until(page, 'paid');
});

test('a lost card is found by its name and frozen at once; a cashier does not thaw it', async () => {
  const omar = await openTill(shop, { who: 'Omar' });
  await omar.goto('/till/cards/find');
  await omar.fill('[type="search"]', 'marc');
  await omar.keyboard.press('Enter');
  await omar.getByRole('button', { name: 'Freeze Marcia' }).waitFor();
  assert.equal(await omar.getByText('sats').count(), 0, 'no balance without a tap');
  await look(omar, 'find');
  await omar.getByRole('button', { name: 'Freeze Marcia' }).click();
  await omar.getByText('Frozen: it pays nothing until a manager thaws it.').waitFor();
  await sell(page, '50');
  await hold(page, chip.tap());
  await refused().filter({ hasText: 'This card is frozen. Nothing was taken.' }).waitFor();
  await open('Marcia');
  await look(page, 'card-frozen');
  await page.getByRole('button', { name: 'Thaw it' }).click();
  await page.getByText('Thawed.').waitFor();
  await omar.context().close();
});

test('an older tap after a newer one is an alarm on the dashboard, and freezes', async () => {
  const [older, newer] = [chip.tap(), chip.tap()];
  await page.goto('/till/cards');
  await hold(page, newer);
  await page.waitForURL('**/till/cards/seen/*');
  await page.goto('/till/cards');
  await hold(page, older);
  await page.locator('#wrong', { hasText: 'Tapped twice' }).waitFor();
  await owner.goto(`${owner.home}/cards`);
  assert.match(await owner.textContent('#main'), /Maybe copied: 1.*Marcia.*came after tap.*It is frozen\./s);
  await look(owner, 'alarm');
  await owner.getByRole('link', { name: 'Change Marcia' }).or(owner.getByRole('button', { name: 'Thaw Marcia' })).first().click();
  await owner.getByText('Thawed').waitFor();
  assert.equal(await owner.getByText('Maybe copied').count(), 0);
});

test('everything on a lost card moves to a new one with a tap', async () => {
  const fresh = new Chip();
  await issue('New', fresh);
  await open('Marcia');
  await page.getByText('It is lost: move everything to a new card').click();
  await look(page, 'replace');
  await hold(page, fresh.tap());
  await page.getByText('All that was on the lost card is on this one now.').waitFor();
  assert.match(await page.textContent('#seen'), /Marcia.*From another card/s);
  await sell(page, '40');
  await hold(page, fresh.tap());
  await page.locator('dialog#card-pin[open]').waitFor();
  await page.keyboard.type('2580');
  await page.keyboard.press('Enter');
  await until(page, 'paid');
});

test('the owner wipes the old one after the password, and its chip begins anew', async () => {
  await owner.goto(`${owner.home}/cards`);
  await owner.locator('.people', { hasText: 'Gone' }).getByRole('link').first().click();
  await owner.getByRole('button', { name: 'Wipe the chip' }).click();
  await look(owner, 'wipe');
  await owner.fill('#f-password', 'not my password');
  await owner.getByRole('button', { name: 'Show the code' }).click();
  await owner.getByText('That password is not right.').waitFor();
  await owner.fill('#f-password', password);
  await owner.getByRole('button', { name: 'Show the code' }).click();
  await owner.locator('.code-page .qr').waitFor();
  const keys = await chip.reset(await readQr(owner.locator('.code-page .qr')));
  assert.equal(keys.K2, chip.k2.toString('hex'));
  await issue('Andre', chip);
  chip.counter = 0;
  await page.goto('/till/cards');
  await hold(page, chip.tap());
  await page.waitForURL('**/till/cards/seen/*');
  assert.match(await page.textContent('#seen'), /Andre.*0 sats/s);
});

test('rules, and a batch with its file', async () => {
  await owner.goto(`${owner.home}/cards/rules`);
  await look(owner, 'rules');
  await owner.fill('#f-most', '50000');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Saved').waitFor();
  await owner.goto(`${owner.home}/cards/batches/new`);
  assert.equal(await owner.inputValue('#f-most'), '50000');
  await owner.fill('#f-label', 'Yard Card');
  await owner.fill('#f-many', '3');
  await look(owner, 'batch-new');
  await owner.getByRole('button', { name: 'Make the codes' }).click();
  await owner.getByText('3 cards, 0 programmed, 0 tapped').waitFor();
  await look(owner, 'batch');
  const link = await owner.getByRole('link', { name: /Set it up.*Yard Card 002/ }).getAttribute('href');
  assert.equal((await new Chip().program(link)).status, 200);
  const saved = owner.waitForEvent('download');
  await owner.getByRole('link', { name: 'Save as a file' }).click();
  const text = readFileSync(await (await saved).path(), 'utf8').split('\r\n');
  assert.equal(text.length, 5);
  assert.match(text[1], /^Yard Card 001,boltcard:\/\/program\?url=.*,Waiting,/);
  assert.match(text[2], /^Yard Card 002,,Programmed,/);
  await owner.goto(`${owner.home}/cards/batches`);
  await look(owner, 'batches');
});
