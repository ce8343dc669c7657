// Two ways of taking bitcoin beside each other, BTCPay and the shop's own LND: which one makes the code,
// and what the till says when it is not the first.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openStack } from '../stack/control.mjs';
import { BTCPAY_ENV, pairBtcpay, startBtcpay } from './btcpay.mjs';
import { look, scan, sell } from './hands.mjs';
import { looking } from './looked.mjs';
import { checkLnd, connectLnd, openForReal, pairing } from './owner.mjs';
import { startRates } from './rates.mjs';
import { openShop, openTill, until } from './shop.mjs';

const check = looking('ways');
const BIP21 = /^bitcoin:BCRT1\w+\?amount=[\d.]+&lightning=LNBCRT/;
const BOLT11 = /^LNBCRT\w+$/;
let stack, shop, rates, btcpay, owner, till;
const rails = async () => {
  await owner.goto(`${owner.home}/connections`);
  return owner.locator('main header.row div').allInnerTexts().then((all) => all.map((one) => one.replace(/\s+/g, ' ').trim()).filter((one) => /First|Second/.test(one)));
};

before(async () => {
  stack = openStack();
  [rates, btcpay] = await Promise.all([startRates(), startBtcpay()]);
  shop = await openShop({ sandbox: false, env: { ...rates.env, ...BTCPAY_ENV } });
  owner = await openForReal(shop);
  await pairBtcpay(owner, btcpay.address);
  await checkLnd(owner, stack.state.env.SHOP_LNDCONNECT);
  await connectLnd(owner);
  till = await openTill(shop, { who: 'Ann', link: await pairing(owner) });
});
after(async () => {
  await shop?.close();
  btcpay?.close();
  rates?.close();
});
afterEach(async () => {
  assert.deepEqual([...owner.faults.splice(0), ...till.faults.splice(0)], []);
  assert.deepEqual(await btcpay.faults(), []);
});

test('the first way makes the code, and nothing is said of the other', async () => {
  assert.deepEqual(await rails(), ['BTCPay First', 'Lightning Second, when the first is silent']);
  await check(owner, 'connections');
  await sell(till, '1250');
  const code = await scan(till);
  assert.match(code, BIP21);
  assert.equal(await till.locator('#instead').count(), 0);
  await btcpay.pay(code);
  await until(till, 'paid');
});

test('the first way is down: the code goes over the second, the till says so, and it is paid there', async () => {
  await btcpay.down(true);
  await sell(till, '640');
  await until(till, 'waiting');
  const code = await scan(till);
  assert.match(code, BOLT11);
  assert.equal((await till.innerText('#instead')).trim(), 'BTCPay is not answering. This code goes over Lightning.');
  assert.equal((await till.innerText('#way-lightning')).trim(), 'Lightning');
  await check(till, 'second-way', { still: true, code: '.way .qr' });
  await stack.pay(code.toLowerCase());
  assert.equal((await look(till, 'paid')).amount, 'J$640.00');
  await btcpay.down(false);
});

test('they change places, and each is tested by a real invoice', async () => {
  await owner.goto(`${owner.home}/connections`);
  await owner.getByRole('button', { name: 'Change places' }).click();
  assert.equal((await owner.innerText('[role="status"]')).trim(), 'First and second changed places');
  assert.deepEqual(await rails(), ['Lightning First', 'BTCPay Second, when the first is silent']);
  for (const name of ['Lightning', 'BTCPay']) {
    await owner.getByRole('button', { name: `Test it ${name}` }).click();
    const panel = owner.locator('main section', { has: owner.getByRole('heading', { name, exact: true }) });
    assert.match(await panel.locator('[role="status"]').innerText(), /An invoice was made and cancelled in \d+ ms\./);
  }
  await sell(till, '660');
  assert.match(await scan(till), BOLT11);
  await till.click('#cancel');
  await until(till, 'voided');
});

test('the node is down: the code goes over BTCPay', async () => {
  await stack.kill('shop-lnd');
  try {
    await sell(till, '670');
    await until(till, 'waiting');
    const code = await scan(till);
    assert.match(code, BIP21);
    assert.equal((await till.innerText('#instead')).trim(), 'Lightning is not answering. This code goes over BTCPay.');
    await btcpay.pay(code);
    await until(till, 'paid');
  } finally {
    await stack.start('shop-lnd');
  }
});
