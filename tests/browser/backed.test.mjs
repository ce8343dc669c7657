// Cards whose money is at BTCPay, looked at in every way (looked.mjs): rights asked for, one issued, one
// brought in by a tap, what is on it and that it cannot be seen, a sale paid, and the card ended. The
// photographs land in `shots/backed`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readQr } from './browser.mjs';
import { BTCPAY_ENV, pasteKey, startBtcpay } from './btcpay.mjs';
import { Chip, hold, withReader } from './chip.mjs';
import { sell } from './hands.mjs';
import { looking } from './looked.mjs';
import { openForReal, pairing } from './owner.mjs';
import { startRates } from './rates.mjs';
import { openShop, openTill, until } from './shop.mjs';

const check = looking('backed');
const chip = new Chip();
let shop, rates, btcpay, owner, till;

before(async () => {
  [rates, btcpay] = await Promise.all([startRates(), startBtcpay()]);
  shop = await openShop({ sandbox: false, env: { ...rates.env, ...BTCPAY_ENV } });
  owner = await openForReal(shop);
  await withReader(owner);
});
after(async () => {
  await shop?.close();
  btcpay?.close();
  rates?.close();
});

/** A chip that another program issued at the same BTCPay. */
async function elsewhere(name, amount) {
  const pull = await btcpay.ask('/pull-payments', { name, amount, currency: 'SATS', autoApproveClaims: true, payoutMethods: ['BTC-LN'] });
  const other = new Chip();
  const written = await btcpay.ask('/boltcards', { pullPayment: pull.id, UID: other.uid.toString('hex') });
  return Object.assign(other, { link: written.LNURLW, k1: Buffer.from(written.K1, 'hex'), k2: Buffer.from(written.K2, 'hex') });
}

const issue = async () => {
  await owner.getByRole('link', { name: 'Issue one at BTCPay' }).click();
  await owner.fill('#f-label', 'Marcia');
  await owner.getByRole('button', { name: 'Show the code' }).click();
};

const open = async (label) => {
  await owner.goto(`${owner.home}/cards`);
  await owner.getByRole('link', { name: new RegExp(`^${label}`) }).click();
};

const pages = {
  'a key without the rights for cards is said to be so': async () => {
    const rights = ['canviewstoresettings', 'cancreateinvoice', 'canviewinvoices', 'canmodifyinvoices', 'webhooks.canmodifywebhooks'];
    const key = await btcpay.key(...rights.map((right) => `btcpay.store.${right}:${btcpay.storeId}`));
    await pasteKey(owner, { address: btcpay.url, key, store: btcpay.storeId });
    await owner.getByRole('button', { name: 'Sell through it' }).click();
    await owner.waitForURL('**/btcpay?done=connected');
    await owner.goto(`${owner.home}/cards`);
    await check(owner, 'no-cards');
    await issue();
    await owner.getByText('The key that BTCPay gave may not do this').waitFor();
    await check(owner, 'no-rights');
  },
  'pairing asks for them where cards are wanted': async () => {
    await owner.goto(`${owner.home}/btcpay`);
    await owner.getByText('Pair another').click();
    await owner.fill('#f-server', btcpay.address);
    await owner.getByLabel('For cards, too').check();
    await owner.getByRole('button', { name: 'Pair', exact: true }).click();
    await owner.locator('#consent-go').waitFor();
    await owner.getByText('For cards: Set money aside').waitFor();
    await check(owner, 'consent');
    await owner.click('#consent-go');
    await owner.waitForURL('**/api-keys/authorize**');
    await owner.getByRole('button', { name: 'Approve' }).click();
    await owner.getByText('good for cards whose balance is at BTCPay').waitFor();
    const key = await btcpay.key('unrestricted');
    await pasteKey(owner, { address: btcpay.url, key, store: btcpay.storeId });
    await owner.getByRole('button', { name: 'Sell through it' }).click();
    await owner.waitForURL('**/btcpay?done=connected');
  },
  'a card is issued, and its money set aside': async () => {
    await owner.goto(`${owner.home}/cards`);
    await issue();
    await owner.locator('.code-page .qr').waitFor();
    await check(owner, 'code');
    const link = await readQr(owner.locator('.code-page .qr'));
    assert.deepEqual(await chip.program(link), { status: 200, reason: undefined });
    await open('Marcia');
    await owner.getByText('50,000 sats').waitFor();
    await check(owner, 'card');
    assert.equal((await btcpay.ask('/pull-payments')).length, 1);
  },
  'a tap pays through BTCPay': async () => {
    till = await openTill(shop, { who: 'Ann', link: await pairing(owner) });
    await withReader(till);
    await till.reload();
    await sell(till, '400');
    await until(till, 'waiting');
    await hold(till, chip.tap());
    await until(till, 'paid');
    await open('Marcia');
    await owner.getByText('In use').waitFor();
    assert.doesNotMatch(await owner.textContent('main'), /50,000 sats/);
  },
  'what is on it cannot be seen while BTCPay is down, and is not zero': async () => {
    await btcpay.down(true);
    await open('Marcia');
    await owner.getByText('We can’t see the balance right now').waitFor();
    assert.doesNotMatch(await owner.textContent('main'), /(^|\D)0 sats/);
    await check(owner, 'unseen');
    await btcpay.down(false);
  },
  'a card of another program is brought in by a tap, and one of another server is not': async () => {
    const other = await elsewhere('Conference 7', '9000');
    await owner.goto(`${owner.home}/cards`);
    await owner.getByRole('link', { name: 'Bring one in' }).click();
    await check(owner, 'import');
    const strange = Object.assign(new Chip(), { link: 'lnurlw://pay.example.com/boltcard', k1: other.k1, k2: other.k2 });
    await hold(owner, strange.tap());
    await owner.getByText('another server’s than the BTCPay that is paired').waitFor();
    await check(owner, 'import-refused');
    await hold(owner, other.tap());
    await owner.getByText('9,000 sats').waitFor();
    await check(owner, 'imported');
    await owner.goto(`${owner.home}/cards`);
    await check(owner, 'cards');
  },
  'a card that is gone is put away at BTCPay': async () => {
    await open('Marcia');
    await owner.getByLabel('This card is gone for good').check();
    await owner.getByLabel('Put its money away at BTCPay').check();
    await owner.getByRole('button', { name: 'End it' }).click();
    await owner.getByText('Ended: it never pays again').waitFor();
    const [pull] = await btcpay.ask('/pull-payments');
    assert.equal(pull.archived, true);
    await open('Marcia');
    await check(owner, 'ended');
    assert.deepEqual(await btcpay.faults(), []);
  },
};
for (const [name, look] of Object.entries(pages)) test(name, look);
