// Points in a browser: the owner sets a programme and an event up; a card collects, pays with points,
// and every page says what it has.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { readQr } from './browser.mjs';
import { Chip, hold, withReader } from './chip.mjs';
import { sell, takeCash } from './hands.mjs';
import { looking } from './looked.mjs';
import { signIn } from './owner.mjs';
import { openShop, openTill, playCustomer, state, until } from './shop.mjs';

let shop, page, owner;
const chip = new Chip();
const look = looking('points');
const says = (words) => page.locator('[data-wrong]').filter({ hasText: words }).waitFor();

/** What the tap is for, chosen where the card is asked for. */
async function choose(use) {
  await page.click('#way-card');
  await page.selectOption('#tap-use', use);
}

before(async () => {
  shop = await openShop();
  owner = await signIn(shop);
  page = await openTill(shop);
  await withReader(page);
  await owner.goto(`${owner.home}/cards/new`);
  await owner.fill('#f-label', 'Marcia');
  await owner.getByRole('button', { name: 'Show the code' }).click();
  await owner.locator('.code-page .qr').waitFor();
  await chip.program(await readQr(owner.locator('.code-page .qr')));
});
after(() => shop?.close());
afterEach(() => assert.deepEqual([...page.faults.splice(0), ...owner.faults.splice(0)], []));

test('without a programme the till says nothing of points', async () => {
  await sell(page, '100');
  await page.click('#way-card');
  assert.equal(await page.locator('#tap-use').count(), 0);
  await takeCash(page, '100');
  await until(page, 'paid');
  assert.equal(await page.locator('#show-collect').count(), 0);
});

test('the owner sets the programme up, and what is wrong says so', async () => {
  await owner.goto(`${owner.home}/points`);
  await owner.getByText('Nothing is promised until you set it up').waitFor();
  await look(owner, 'empty');
  await owner.getByRole('link', { name: 'Set it up' }).click();
  await look(owner, 'programme');
  await owner.fill('#f-rate', '500');
  await owner.fill('#f-hours', 'Friday evening');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Nothing was saved yet').waitFor();
  await look(owner, 'programme-faults');
  await owner.getByText('Running', { exact: true }).click();
  await owner.fill('#f-rate', '10');
  await owner.fill('#f-hours', 'Daily 00:00-24:00 x2');
  await owner.fill('#f-worth', '1');
  await owner.fill('#f-budget', '100000');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Running, 10%').waitFor();
});

test('a card that collects sees what comes, and has it once the money is there', async () => {
  await sell(page, '1000');
  await choose('collect');
  await hold(page, chip.tap());
  await page.locator('#points').filter({ hasText: '173 points come with this sale' }).waitFor();
  await look(page, 'collects');
  await page.click('#way-lightning');
  await playCustomer(page);
  await until(page, 'paid');
  assert.match(await page.textContent('#points'), /173 points now.*\+173 points/s);
  await look(page, 'earned', { still: true });
  const receipt = await page.getAttribute('#print', 'href');
  const customer = await shop.visitor();
  await customer.goto(receipt.split('/print')[0]);
  assert.match(await customer.textContent('main'), /Points earned\s*173.*Points on the card then\s*173/s);
  await customer.context().close();
});

test('after cash, a tap on the paid page collects; another card does not', async () => {
  await sell(page, '100');
  await takeCash(page, '100');
  await until(page, 'paid');
  await page.click('#show-collect');
  await page.locator('#collect[open]').waitFor();
  await look(page, 'asks');
  await page.locator('#collect [data-close]').click();
  await hold(page, 'lnurlw://nowhere.example/?p=00000000000000000000000000000000&c=0000000000000000');
  await says('This is not our card.');
  await hold(page, chip.tap());
  await page.locator('#points').filter({ hasText: '+17 points' }).waitFor();
});

test('points pay a part, and the rest is asked for', async () => {
  await sell(page, '500');
  await choose('points');
  await hold(page, chip.tap());
  await page.getByText('J$310.00').first().waitFor();
  await look(page, 'part');
  await takeCash(page, '310');
  await until(page, 'paid');
  assert.match(await page.textContent('.facts'), /Points spent.*−190 points/s);
  await look(page, 'spent', { still: true });
});

test('too few points say so, and the code stays', async () => {
  await sell(page, '200000');
  const had = await page.locator('.way .qr').count();
  await choose('points');
  const stranger = Object.assign(new Chip(), { link: chip.link, k1: Buffer.alloc(16, 7), k2: chip.k2 });
  await hold(page, stranger.tap());
  await says('This is not our card.');
  assert.equal(await page.locator('.way .qr').count(), had);
  assert.notEqual(await state(page), 'paid');
});

test('an event is made, shown live, and stopped', async () => {
  await owner.goto(`${owner.home}/points/events/new`);
  await look(owner, 'event-new');
  await owner.fill('#f-name', 'Harvest week');
  await owner.fill('#f-rate', '50');
  await owner.getByRole('button', { name: 'Start the event' }).click();
  await owner.getByText('Harvest week').waitFor();
  const budget = owner.locator('.budget', { hasText: 'Harvest week' });
  assert.match(await budget.textContent(), /Running.*Promised\s*0.*Left\s*10,000/s);
  await sell(page, '1000');
  await choose('collect');
  await hold(page, chip.tap());
  await page.locator('#points').filter({ hasText: '434 points come with this sale' }).waitFor();
  await budget.filter({ hasText: /Promised\s*434/ }).waitFor();
  await takeCash(page, '1000');
  await until(page, 'paid');
  await budget.filter({ hasText: /Promised\s*0\s*Spent\s*434/ }).waitFor();
  await look(owner, 'overview');
  await budget.getByRole('link', { name: 'Harvest week' }).click();
  await owner.getByRole('button', { name: 'Stop it now' }).click();
  await owner.getByText('nothing more is promised by it').waitFor();
});

test('the card’s page on the dashboard tells its story, and the till shows its points', async () => {
  await owner.goto(`${owner.home}/points`);
  await owner.getByRole('link', { name: 'Marcia' }).click();
  assert.match(await owner.textContent('main'), /Earned.*\+434.*Spent.*−190.*Earned.*\+173/s);
  await owner.fill('#f-birthday', '13-40');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Month and day, like 11-21.').waitFor();
  await owner.fill('#f-birthday', '11-21');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Saved').waitFor();
  await look(owner, 'card');
});
