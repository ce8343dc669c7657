// The pages of a merchant's BTCPay Server, and what the till shows of it, looked at in every way
// (looked.mjs). The photographs land in `shots/btcpay`.
import { after, before, test } from 'node:test';
import { BTCPAY_ENV, goToConsent, pasteKey, startBtcpay } from './btcpay.mjs';
import { scan, sell } from './hands.mjs';
import { looking } from './looked.mjs';
import { openForReal, pairing } from './owner.mjs';
import { startRates } from './rates.mjs';
import { openShop, openTill, until } from './shop.mjs';

const check = looking('btcpay');
let shop, rates, btcpay, owner, till;

before(async () => {
  [rates, btcpay] = await Promise.all([startRates(), startBtcpay()]);
  shop = await openShop({ sandbox: false, env: { ...rates.env, ...BTCPAY_ENV } });
  owner = await openForReal(shop);
});
after(async () => {
  await shop?.close();
  btcpay?.close();
  rates?.close();
});

const charge = async (sum) => {
  await sell(till, sum);
  await until(till, 'waiting');
  return scan(till);
};

const pages = {
  'BTCPay: not paired, and faults': async () => {
    await owner.goto(`${owner.home}/btcpay`);
    await check(owner, 'unpaired');
    await owner.fill('#f-server', 'http://btcpay.example.com');
    await owner.getByRole('button', { name: 'Pair', exact: true }).click();
    await owner.locator('#server-fault').waitFor();
    await check(owner, 'address-fault');
    await pasteKey(owner, { address: btcpay.address, key: '' });
    await check(owner, 'key-fault');
  },
  'BTCPay: what was found cannot be used': async () => {
    const { storeId } = await btcpay.addStore({ name: 'Bare', chain: false, lightning: 'off' });
    const key = await btcpay.key(`btcpay.store.canviewstoresettings:${storeId}`);
    await pasteKey(owner, { address: btcpay.address, key, store: storeId });
    await check(owner, 'found-faults');
  },
  'BTCPay: on to the consent page, and back': async () => {
    await owner.goto(`${owner.home}/btcpay`);
    await owner.fill('#f-server', btcpay.address);
    await owner.getByRole('button', { name: 'Pair', exact: true }).click();
    await owner.locator('#consent-go').waitFor();
    await check(owner, 'consent');
    await goToConsent(owner, btcpay.address);
    await owner.getByRole('button', { name: 'Approve' }).click();
    await owner.getByRole('button', { name: 'Sell through it' }).waitFor();
    await check(owner, 'found');
    await owner.getByRole('button', { name: 'Sell through it' }).click();
    await owner.waitForURL('**/btcpay?done=connected');
    await check(owner, 'paired');
    till = await openTill(shop, { who: 'Ann', link: await pairing(owner) });
  },
  'the till: a code for Lightning and the chain': async () => {
    const code = await charge('2405.50');
    await check(till, 'pay', { still: true, code: '.way .qr' });
    await till.click('#part-open');
    await check(till, 'pay-part');
    await till.keyboard.press('Escape');
    await btcpay.pay(code, { onChain: true });
    await until(till, 'seen');
    await check(till, 'seen');
  },
  'the till: marked paid, and taken back': async () => {
    const code = await charge('1250');
    await btcpay.mark(code, 'Settled');
    await until(till, 'paid');
    await check(till, 'marked', { still: true });
    await btcpay.mark(code, 'Invalid');
    await until(till, 'gone');
    await check(till, 'gone', { still: true });
    await owner.goto(`${owner.home}/sales/${new URL(till.url()).pathname.split('/').at(-1)}`);
    await check(owner, 'sale-gone');
  },
  'the till and the dashboard: BTCPay is down': async () => {
    await btcpay.down(true);
    await sell(till, '640');
    await until(till, 'rail-down');
    await check(till, 'down', { still: true });
    await owner.goto(`${owner.home}/connections`);
    await owner.getByRole('button', { name: 'Test it BTCPay' }).click();
    await owner.locator('main [role="alert"]').waitFor();
    await check(owner, 'connections-down');
    await owner.goto(owner.home);
    await check(owner, 'home-down');
    await btcpay.down(false);
  },
  'connections, tested': async () => {
    await owner.goto(`${owner.home}/connections`);
    await owner.getByRole('button', { name: 'Test it BTCPay' }).click();
    await owner.locator('main .notice[role="status"]').waitFor();
    await check(owner, 'connections');
  },
  'BTCPay: paired, what it sent, and another pairing': async () => {
    await owner.goto(`${owner.home}/btcpay`);
    await owner.getByText('Pair another').click();
    await check(owner, 'paired-sent');
  },
};
for (const [name, look] of Object.entries(pages)) test(name, look);
