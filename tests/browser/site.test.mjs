// Every page of a running shop, as the till, the owner and the customer open it, looked at in every way
// (looked.mjs). The photographs land in `shots/site`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { add, charge, scan, sell, takeCash, type } from './hands.mjs';
import { looking } from './looked.mjs';
import { pairing, signIn } from './owner.mjs';
import { openShop, openTill, playCustomer, until } from './shop.mjs';

const check = looking('site');
let shop, till, owner, visitor;
const receipt = {};

before(async () => {
  shop = await openShop();
  till = await openTill(shop);
  owner = await signIn(shop);
  visitor = await shop.visitor();
});
after(() => shop?.close());

const pages = {
  'till: items, with a sale': async () => {
    await add(till, 'Flat white', 'Flat white', 'Jerk chicken sandwich', 'Pour-over, Blue Mountain');
    await check(till, 'till-items', { still: true });
  },
  'till: keypad': async () => {
    await type(till, '350+450');
    await check(till, 'till-keypad', { still: true });
  },
  'till: dialogs': async () => {
    for (const [opener, name] of [['#discount-open', 'discount'], ['#park-open', 'park'], ['#lines [data-act="edit"]', 'editor']]) {
      await till.click(opener);
      await check(till, `till-${name}`);
      await till.keyboard.press('Escape');
    }
  },
  tip: async () => {
    await till.click('#charge-button');
    await till.waitForSelector('#tip');
    await check(till, 'tip', { still: true });
  },
  'pay: waiting': async () => {
    await till.click('#tip [value="bp:1000"]');
    await until(till, 'waiting');
    await check(till, 'pay', { still: true, code: '.way .qr' });
  },
  'pay: cash': async () => {
    await till.click('#way-cash');
    await till.fill('#received', '5000');
    await check(till, 'pay-cash');
    await till.click('#way-lightning');
  },
  'practice wallet': async () => {
    await visitor.goto('/practice/wallet');
    await check(visitor, 'wallet-empty');
    await visitor.goto(`/practice/wallet?invoice=${await scan(till)}`);
    await check(visitor, 'wallet');
    await visitor.click('[value="exact"]');
    await visitor.locator('[role="status"]').first().waitFor();
    await check(visitor, 'wallet-paid');
  },
  paid: async () => {
    await until(till, 'paid');
    await check(till, 'paid', { still: true });
    await till.click('#show-code');
    await check(till, 'paid-code');
    receipt.href = (await till.getAttribute('#print', 'href')).replace(/\/print.*/, '');
    await till.keyboard.press('Escape');
  },
  'paid in cash': async () => {
    await sell(till, '1050');
    await takeCash(till, '1500');
    await until(till, 'change');
    await check(till, 'paid-cash', { still: true });
  },
  'states of money': async () => {
    for (const [how, view] of [['Pay too little', 'part-paid'], ['Pay too late', 'late'], ['Pay too much', 'overpaid']]) {
      await sell(till, '640');
      await playCustomer(till, how);
      await until(till, view);
      await check(till, view);
    }
    await sell(till, '530');
    await till.click('#cancel');
    await until(till, 'voided');
    await check(till, 'cancelled');
  },
  'recent sales': async () => {
    await till.goto('/till/recent');
    await check(till, 'recent');
    await till.click('.sold');
    await check(till, 'recent-chosen');
    await till.goto('/till/recent?q=mahoe');
    await check(till, 'recent-nothing');
  },
  'receipt, and on paper': async () => {
    await visitor.goto(receipt.href);
    await check(visitor, 'receipt');
    for (const paper of ['58', '80', 'a4']) {
      await visitor.goto(`${receipt.href}/print?paper=${paper}`);
      await visitor.emulateMedia({ media: 'screen' });
      await check(visitor, `print-${paper}`);
    }
  },
  doors: async () => {
    const stranger = await shop.visitor();
    for (const [path, name] of [['/pair', 'pair'], ['/sign-in', 'sign-in'], ['/start', 'start'], [new URL(shop.said('Dashboard', '(\\S+)')).pathname, 'once'], ['/nowhere', 'nothing-here']]) {
      await stranger.goto(path, { referer: 'https://elsewhere.example/' });
      stranger.faults = stranger.faults.filter((fault) => !(name === 'nothing-here' && /404/.test(fault)));
      await check(stranger, name);
    }
    await stranger.goto('/start');
    await stranger.click('button.charge');
    await stranger.locator('.fault').first().waitFor();
    await check(stranger, 'start-faults');
    await stranger.goto('/pair');
    await stranger.fill('[name="code"]', 'AAAA2222');
    await stranger.click('button.go');
    await stranger.locator('#wrong').waitFor();
    await check(stranger, 'pair-wrong');
  },
  'locked till': async () => {
    await till.goto('/till');
    await till.click('form[action="/till/lock"] button');
    await till.waitForURL('**/till/unlock*');
    await check(till, 'unlock');
    await till.click('.person:has-text("Omar")');
    await till.fill('#pin', '0000');
    await till.keyboard.press('Enter');
    await till.locator('#wrong').waitFor();
    await check(till, 'unlock-wrong');
  },
  'dashboard: every page of the menu': async () => {
    for (const section of ['', '/sales', '/items', '/tills', '/staff', '/lightning', '/btcpay', '/connections', '/rates', '/settings', '/api', '/account', '/log']) {
      await owner.goto(owner.home + section);
      await check(owner, `desk${section.replace('/', '-') || '-home'}`);
    }
  },
  'dashboard: what hangs below them': async () => {
    for (const [section, selector, name] of [['/sales', `main a[href*="/sales/"]`, 'sale'], ['/items', 'main a[href*="/items/"]:not([href$="new"])', 'item'], ['/items', 'main a[href*="/categories/"]:not([href$="new"])', 'category'], ['/tills', 'main a[href*="/tills/"]:not([href$="new"])', 'till'], ['/staff', 'main a[href*="/staff/"]:not([href$="new"])', 'person']]) {
      await owner.goto(owner.home + section);
      await owner.goto(await owner.locator(selector).first().getAttribute('href'));
      await check(owner, `desk-${name}`);
    }
    for (const path of ['/items/new', '/categories/new', '/tills/new', '/staff/new', '/new-store']) {
      await owner.goto(owner.home + path);
      await check(owner, `desk${path.replaceAll('/', '-')}`);
    }
  },
  'dashboard: a token of the API': async () => {
    await owner.goto(`${owner.home}/api`);
    await owner.click('main button.go');
    await owner.locator('.fault').first().waitFor();
    await check(owner, 'desk-api-faults');
    await owner.fill('#f-name', 'Web shop');
    await owner.click('main button.go');
    await owner.locator('#made').waitFor();
    await check(owner, 'desk-api-made');
    const answered = await owner.request.get(await owner.getAttribute('main .inline', 'href'));
    assert.equal((await answered.json()).openapi, '3.1.0');
  },
  'dashboard: a pairing code, a check of LND, and forms with faults': async () => {
    await pairing(owner);
    await check(owner, 'desk-code');
    await owner.goto(`${owner.home}/lightning`);
    await owner.fill('#f-link', 'lndconnect://127.0.0.1:1?macaroon=AgEDbG5k&cert=MIIB');
    await owner.getByRole('button', { name: 'Check it' }).click();
    await owner.locator('[role="alert"], .findings, .fault').first().waitFor();
    await check(owner, 'desk-lightning-check');
    await owner.goto(`${owner.home}/items/new`);
    await owner.click('main button.go');
    await owner.locator('.fault').first().waitFor();
    await check(owner, 'desk-item-faults');
  },
};
for (const [name, look] of Object.entries(pages)) test(name, look);
