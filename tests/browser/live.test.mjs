// What the page of a sale knows, and when: reloads, lost connections, a killed server, two tablets;
// the sound, the screen that stays awake, and the moment in which New sale is deaf.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { add, look, scan, sell } from './hands.mjs';
import { openShop, openTill, payAs, playCustomer, until } from './shop.mjs';

let shop, page, other, customer;
const bar = () => page.textContent('[data-connection] [data-words]');

/** Notes what a page asks of the screen and plays through the speaker. */
function spy() {
  window.spied = { awake: [], notes: [] };
  if (navigator.wakeLock) {
    navigator.wakeLock.request = async (kind) => {
      window.spied.awake.push(kind);
      const lock = new EventTarget();
      lock.release = async () => window.spied.awake.push('released');
      return lock;
    };
  }
  window.OscillatorNode = class extends OscillatorNode {
    start(at) {
      window.spied.notes.push(this.frequency.value);
      super.start(at);
    }
  };
}
const spied = (what) => page.evaluate((name) => window.spied[name], what);

before(async () => {
  shop = await openShop();
  other = await openTill(shop);
  page = await openTill(shop);
  customer = await shop.visitor();
  await page.addInitScript(spy);
});
after(() => shop?.close());
afterEach(() => assert.deepEqual([...page.faults.splice(0), ...other.faults.splice(0)], []));

test('a reload at any moment shows the truth', async () => {
  await sell(page, '300');
  const code = await scan(page);
  await page.reload();
  assert.equal((await look(page, 'waiting')).amount, 'J$300.00');
  assert.equal(await scan(page), code);
  await playCustomer(page, 'Pay slowly');
  await until(page, 'seen');
  await page.reload();
  await until(page, 'seen');
  await until(page, 'paid');
  await page.reload();
  assert.equal((await look(page, 'paid')).words, 'Paid');
});

test('a line on which nothing happens is heard all the same, and nobody asks beside it', async () => {
  await sell(page, '300');
  const asked = [];
  const note = (request) => /\/(state|live)\?/.test(request.url()) && asked.push(request.url());
  page.on('request', note);
  await page.waitForTimeout(24_000);
  page.off('request', note);
  assert.deepEqual(asked, []);
  await page.click('#cancel');
  await until(page, 'voided');
});

test('a sale shown on two tablets: cash on one, paid on both, taken once', async () => {
  const sale = await sell(page, '450');
  await other.goto('/till/recent');
  await other.click('.sold');
  await other.click('a:has-text("Open")');
  await until(other, 'waiting');
  assert.equal(new URL(other.url()).pathname, sale);
  await Promise.all([page, other].map(async (tablet) => {
    await tablet.click('#way-cash');
    await tablet.fill('#received', '500');
  }));
  // On a slow machine one tablet says Paid before the other's finger is down.
  const press = (tablet) => tablet.click('#take', { timeout: 5_000 }).catch(() => 'too late');
  assert.notDeepEqual(await Promise.all([page, other].map(press)), ['too late', 'too late']);
  await Promise.all([until(page, 'change'), until(other, 'change')]);
  await other.goto('/till/recent');
  const tenders = await other.locator('.cart .sums').last().locator('div').allTextContents();
  assert.deepEqual(tenders, ['Cash450.00']);
});

test('cancel and pay in the same moment: both say the same', async () => {
  const seen = new Set();
  for (let round = 0; round < 4; round += 1) {
    await sell(page, '320');
    const code = await scan(page);
    await customer.goto(`/practice/wallet?invoice=${code}`);
    const cancel = page.click('#cancel');
    await Promise.all([cancel, customer.click('button[value="exact"]')]);
    const wallet = await customer.textContent('[role="status"] span');
    await page.waitForSelector('#sale:not([data-view="waiting"])');
    const view = await page.getAttribute('#sale', 'data-view');
    assert.equal(view, wallet.startsWith('Paid') ? 'paid' : 'voided', wallet);
    seen.add(view);
  }
  assert.ok(seen.size >= 1);
});

test('without a connection the page says so; what came meanwhile is shown when it is back', async () => {
  await sell(page, '1100');
  const code = await scan(page);
  await page.context().setOffline(true);
  await page.getByRole('heading', { name: 'No connection' }).waitFor();
  assert.equal(await bar(), 'No connection');
  assert.match(await page.textContent('#offline-words'), /J\$1,100\.00.*If the customer has paid, it still counts\..*Trying again in \d seconds?\..*Take cash/s);
  assert.equal(await page.locator('.qr:visible').count(), 0, 'no code of unknown worth');
  await payAs(customer, code);
  await page.context().setOffline(false);
  assert.equal((await look(page, 'paid')).amount, 'J$1,100.00');
  assert.equal(await page.locator('#offline-words').count(), 0);
});

test('without a stream the page asks, and is right within seconds', async () => {
  await page.route('**/live?*', (route) => route.abort());
  await sell(page, '210');
  const asked = page.waitForRequest(/\/state\?after=\d+$/);
  await payAs(customer, await scan(page));
  await asked;
  await until(page, 'paid');
  await page.unroute('**/live?*');
});

test('the stream goes on from the last event that was heard', async () => {
  const sale = await sell(page, '220');
  const [{ name, value }] = await page.context().cookies().then((all) => all.filter((one) => one.name === 'pos-till'));
  const listen = async (last) => {
    const headers = { cookie: `${name}=${value}`, accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) };
    const { body } = await fetch(`${shop.url}${sale}/live`, { headers });
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return async () => {
      while (!/^id: /m.test(text)) text += (await reader.read()).value;
      await reader.cancel();
      return { id: /^id: (\d+)$/m.exec(text)[1], view: JSON.parse(/^data: (.*)$/m.exec(text)[1]).view };
    };
  };
  const first = await (await listen())();
  assert.equal(first.view, 'waiting');
  const next = await listen(first.id);
  await payAs(customer, await scan(page));
  const heard = await next();
  assert.equal(heard.view, 'paid', 'nothing is told twice');
  assert.ok(Number(heard.id) > Number(first.id));
});

test('the server is killed while a payment is on its way', async () => {
  await sell(page, '610');
  await playCustomer(page, 'Pay slowly');
  await shop.server.kill();
  await page.getByRole('heading', { name: 'No connection' }).waitFor();
  await shop.server.start();
  assert.equal((await look(page, 'paid')).amount, 'J$610.00');
});

test('Charge is pressed while the server is down: one sale when it is back', async () => {
  await page.goto('/till');
  await add(page, 'Gizzada');
  await shop.server.kill();
  await page.click('#charge-button');
  await page.locator('#notice', { hasText: 'No connection. Nothing is lost: trying again.' }).waitFor();
  await shop.server.start();
  await page.click('#tip [value="none"]');
  await until(page, 'waiting');
  await page.goto('/till/recent?show=waiting');
  assert.equal(await page.locator('.sold').count(), 1);
});

test('the screen stays awake while money is waited for, and paid has a sound', async () => {
  await sell(page, '230');
  await page.waitForFunction(() => window.spied.awake.join() === 'screen');
  await playCustomer(page);
  await until(page, 'paid');
  await page.waitForFunction(() => window.spied.notes.length === 2);
  assert.deepEqual(await spied('notes'), [660, 880]);
  assert.deepEqual(await spied('awake'), ['screen', 'released']);
});

test('one low note when somebody has to look, and none when sounds are off', async () => {
  await sell(page, '240');
  await playCustomer(page, 'Pay too little');
  await until(page, 'part-paid');
  await page.waitForFunction(() => window.spied.notes.length === 1);
  assert.deepEqual(await spied('notes'), [220]);
  await page.evaluate(() => localStorage.setItem('pos.sound', 'off'));
  await page.click('#rest');
  await until(page, 'waiting');
  await playCustomer(page);
  await until(page, 'paid');
  assert.deepEqual(await spied('notes'), [220]);
  await page.evaluate(() => localStorage.removeItem('pos.sound'));
});

test('New sale is deaf for a moment, so that a double tap does no harm', async () => {
  const sale = await sell(page, '250');
  await page.evaluate(() => {
    new MutationObserver((_, watch) => {
      const button = document.querySelector('[data-view="paid"] #new');
      if (!button) return;
      watch.disconnect();
      button.click();
      setTimeout(() => button.click(), 250);
    }).observe(document.body, { childList: true, subtree: true });
  });
  await playCustomer(page);
  await until(page, 'paid');
  await page.waitForTimeout(450);
  assert.equal(new URL(page.url()).pathname, sale, 'still on the paid page');
  await page.click('#new');
  await page.waitForURL('**/till');
});
