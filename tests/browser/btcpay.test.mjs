// A merchant's BTCPay Server, from the address that the owner types to the last state a payment can be
// in. The server is the stand-in; it holds all that we send against BTCPay's own document.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { readQr } from './browser.mjs';
import { BTCPAY_ENV, goToConsent, pairBtcpay, pasteKey, read, startBtcpay } from './btcpay.mjs';
import { look, scan, sell, sums, take, takeCash } from './hands.mjs';
import { openForReal, pairing } from './owner.mjs';
import { pdfText } from './pdf.mjs';
import { startRates } from './rates.mjs';
import { openShop, openTill, until } from './shop.mjs';

let shop, rates, btcpay, owner, till;
const RIGHTS = ['canviewstoresettings', 'cancreateinvoice', 'canviewinvoices', 'canmodifyinvoices', 'webhooks.canmodifywebhooks'];
const rights = (store, names = RIGHTS) => names.map((name) => `btcpay.store.${name}:${store}`);
const text = async (page, selector) => (await page.innerText(selector)).replace(/\s+/g, ' ').trim();
const open = async (section) => {
  await owner.goto(`${owner.home}${section}`);
  return text(owner, 'main');
};
/** Opens a page of the dashboard again until it says so: what is told there comes a moment later. */
const opened = async (section, words) => {
  const end = Date.now() + 15_000;
  for (;;) {
    const said = await open(section);
    if (words.test(said) || Date.now() > end) return assert.match(said, words);
    await owner.waitForTimeout(100);
  }
};
const PAID = { words: 'Paid', look: 'paid', sign: 'done', line: 'paid double' };

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
afterEach(async () => {
  assert.deepEqual([...owner.faults.splice(0), ...(till?.faults.splice(0) ?? [])], []);
  assert.deepEqual(await btcpay.faults(), []);
});

describe('pairing', () => {
  test('an address that cannot be used is refused in words, and stays as it was typed', async () => {
    for (const [typed, words] of [['yard cookshop', /not an address|cannot be read|address/i], ['http://btcpay.example.com', /https/]]) {
      await open('/btcpay');
      await owner.fill('#f-server', typed);
      await owner.getByRole('button', { name: 'Pair', exact: true }).click();
      assert.match(await text(owner, '#server-fault'), words);
      assert.equal(await owner.inputValue('#f-server'), typed);
      assert.equal(await owner.locator('details[open]').count(), 0);
    }
  });

  test('refused at the consent page: nothing is connected', async () => {
    await goToConsent(owner, btcpay.address);
    const back = new URL(owner.url()).searchParams.get('redirect');
    await owner.getByRole('button', { name: 'Refuse' }).click();
    assert.match(await owner.textContent('body'), /gets no key/);
    const answer = await fetch(back, { method: 'POST', body: new URLSearchParams({ userId: 'ivy' }), redirect: 'manual' });
    assert.equal(answer.status, 303);
    await owner.goto(answer.headers.get('location'));
    assert.match(await text(owner, 'main'), /Nothing was approved at BTCPay, and nothing was changed.*Pair your BTCPay Server/);
    assert.deepEqual(await btcpay.webhooks(), []);
  });

  test('keys that cannot be used say why', async () => {
    const paste = (key, more) => pasteKey(owner, { address: btcpay.address, key, ...more });
    const said = async (found, words) => {
      assert.match(found.join('\n').replace(/\s+/g, ' '), words);
      assert.equal(await owner.getByRole('button', { name: 'Sell through it' }).count(), 0);
    };
    await said(await paste(''), /Paste the key\./);
    assert.equal(await owner.inputValue('#f-address'), btcpay.address);
    await said(await paste('nonsense'), /BTCPay does not accept this key\./);
    await said(await paste('nonsense', { store: btcpay.storeId }), /BTCPay does not accept this key\./);
    const few = await btcpay.key(...rights(btcpay.storeId, ['canviewstoresettings', 'canviewinvoices']));
    await said(await paste(few, { store: btcpay.storeId }), /The key may not: make an invoice when a cashier presses Charge\. The key may not: mark an invoice invalid.*The key may not: set up one webhook/);
    const { storeId: bare } = await btcpay.addStore({ name: 'Bare', chain: false, lightning: 'off' });
    const both = await btcpay.key(...rights(btcpay.storeId), ...rights(bare));
    await said(await paste(both), /This key is for several stores\. Say which by its id\./);
    await said(await paste(await btcpay.key(...rights(bare))), /The store is Bare\..*The store has no wallet: connect a Lightning node or a bitcoin wallet in BTCPay\./);
    await said(await pasteKey(owner, { address: 'http://127.0.0.1:9', key: 'any', store: 'any' }), /BTCPay does not answer/);
  });

  test('what is half well is said, and can be used', async () => {
    const key = await btcpay.key(...rights(btcpay.storeId));
    await btcpay.store({ lightning: 'off' });
    await btcpay.synced(false);
    const found = await pasteKey(owner, { address: btcpay.address, key });
    assert.match(found.join('\n'), /The store is Corner shop\.\nBTCPay is not in step with the chain yet.*\nLightning is not connected in BTCPay: payments take a confirmation/);
    assert.equal(await owner.getByRole('button', { name: 'Sell through it' }).count(), 1);
    await btcpay.store({ lightning: 'connected' });
    await btcpay.synced(true);
    await btcpay.store({ currency: 'JMD' });
    await owner.reload();
    assert.match(await text(owner, '.findings'), /BTCPay has no price in JMD: choose a rate source for it there\./);
    await btcpay.store({ currency: 'JMD', rate: '12330000' });
    await owner.getByRole('link', { name: 'Look again' }).click();
    assert.match(await text(owner, '.findings'), /A bitcoin costs J\$12,330,000\.00 there\./);
    assert.deepEqual(await btcpay.webhooks(), [], 'a look changes nothing');
  });

  test('the owner goes to the consent page, approves for one store, and sells through it', async () => {
    await open('/btcpay');
    await owner.fill('#f-server', `${btcpay.address}/`);
    await owner.getByRole('button', { name: 'Pair', exact: true }).click();
    const asked = await text(owner, 'main');
    assert.match(asked, /On to http:\/\/localhost:\d+ Choose your store there and approve\. It asks for no more than this, and for that store alone\./);
    for (const name of RIGHTS) assert.match(asked, new RegExp(`btcpay\\.store\\.${name}`));
    await owner.click('#consent-go');
    assert.match(await owner.textContent('body'), /pos-server: Yard Cookshop asks for a key/);
    assert.equal(await owner.locator('li').count(), RIGHTS.length, 'no more is asked for than was said');
    await owner.selectOption('select[name="store"]', { label: 'Corner shop' });
    await owner.getByRole('button', { name: 'Approve' }).click();
    await owner.waitForURL('**/btcpay/found?way=*');
    assert.match(await text(owner, 'main'), /Corner shop The store is Corner shop\. BTCPay 2\.4\.1 is in step with the chain\. Lightning and a wallet for the chain are there\./);
    await owner.getByRole('button', { name: 'Sell through it' }).click();
    await owner.locator('.badge', { hasText: 'Connected' }).waitFor();
    assert.equal(await owner.locator('.practice').count(), 0, 'the money is real now');
    assert.match(await text(owner, 'main'), /localhost:\d+ is connected\. The webhook is set up\. Nothing has come by it yet\./);
    const [hook, ...others] = await btcpay.webhooks();
    assert.match(hook.url, new RegExp(`^${shop.url}/hooks/btcpay/`));
    assert.deepEqual(others, []);
    till = await openTill(shop, { who: 'Ann', link: await pairing(owner) });
  });
});

describe('selling', () => {
  /** Charges, and reads the code off the screen. */
  const charge = async (sum) => {
    await sell(till, sum);
    await until(till, 'waiting');
    return scan(till);
  };
  /** What the owner reads of the sale that stands on the till's screen. */
  const trail = () => open(`/sales/${new URL(till.url()).pathname.split('/').at(-1)}`);
  /** Changes what the merchant chose for invoices. */
  const choose = async (change) => {
    await open('/btcpay');
    await change();
    await owner.getByRole('button', { name: 'Save' }).click();
    await owner.locator('[role="status"]', { hasText: 'Saved' }).waitFor();
  };
  const again = async (button = '#again') => {
    await till.click(button);
    await until(till, 'waiting');
    return scan(till);
  };

  test('one code for Lightning and the chain, paid, and the proof on the receipt', async () => {
    const code = await charge('1250');
    const { bolt11, address, amount } = read(code);
    assert.match(code, /^bitcoin:BCRT1[0-9A-Z]+\?amount=0\.\d{8}&lightning=LNBCRT[0-9A-Z]+$/);
    assert.match(address, /^bcrt1q/);
    assert.match(await text(till, '.quote.row'), /^10,138 sats \d+:\d\d left$/);
    assert.equal(amount, '0.00010138');
    assert.match(await till.textContent('.quote.quiet'), /^1 BTC is J\$12,330,000\.00BTCPay, \d+ seconds? old$/);
    assert.equal(await text(till, '#way-lightning'), 'Bitcoin');
    assert.equal(await till.getAttribute('#wallet', 'href'), code);
    const made = await btcpay.invoice(code);
    assert.deepEqual([made.amount, made.currency, made.metadata.posSystem], ['1250.00', 'JMD', 'pos-server']);
    const { payment: hash } = await btcpay.pay(code);
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$1,250.00' });
    assert.match(await text(till, '.facts'), /Bitcoin J\$1,250\.00/);
    await till.click('#show-code');
    const receipt = await readQr(till.locator('#code .qr'));
    const customer = await shop.visitor();
    await customer.goto(receipt);
    await customer.getByText('Proof of payment').click();
    assert.equal(await text(customer, '.mono:visible'), hash);
    assert.ok((await pdfText(await (await customer.request.get(`${receipt}/receipt.pdf?paper=80`)).body())).replace(/\s/g, '').includes(hash));
    const told = await trail();
    assert.match(told, new RegExp(`What arrived Bitcoin.*Reference ${hash}.*Price by BTCPay.*Charged.*Payment arrived.*Paid`));
    assert.equal(bolt11.slice(0, 6), 'lnbcrt');
  });

  test('under: the rest is asked for by a new code', async () => {
    const code = await charge('1000');
    await btcpay.pay(code, { percent: 50 });
    assert.deepEqual(await look(till, 'part-paid'), { words: 'Not all of it came', look: 'warn', sign: 'half', line: 'filled warn', amount: 'J$500.01' });
    const rest = await again('#rest');
    assert.notEqual(rest, code);
    await btcpay.pay(rest);
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$1,000.00' });
  });

  test('over: paid, and the extra is the customer’s', async () => {
    await btcpay.pay(await charge('1000'), { percent: 150 });
    const over = await look(till, 'overpaid');
    assert.deepEqual(over, { words: 'Paid, and too much', look: 'paid', sign: 'over', line: 'paid double past-edge', amount: 'J$499.99 over' });
  });

  test('late: kept until somebody decides', async () => {
    const code = await charge('640');
    await btcpay.clock(601);
    assert.equal((await look(till, 'expired')).words, 'Time ran out');
    await btcpay.pay(code);
    await btcpay.clock(-601);
    assert.deepEqual(await look(till, 'late'), { words: 'Paid late', look: 'warn', sign: 'alert', line: 'warn', amount: 'J$640.00' });
    await till.click('#add');
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$640.00' });
  });

  test('on the chain: seen, then confirmed', async () => {
    const { payment } = await btcpay.pay(await charge('700'), { onChain: true });
    assert.deepEqual(await look(till, 'seen'), { words: 'Seen, not final yet', look: 'seen', sign: 'eye', line: 'seen half-double', amount: 'J$700.00' });
    assert.equal(await till.locator('.qr, #way-cash, #cancel').count(), 0);
    assert.match(await till.textContent('.known'), /It is on the chain, and needs 1 confirmation: about ten minutes\./);
    await btcpay.confirm(payment);
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$700.00' });
    assert.doesNotMatch(await open(''), /sats too much/, 'nobody is owed a part of a satoshi');
  });

  test('double-spent before it was final: nothing was taken', async () => {
    const { payment } = await btcpay.pay(await charge('710'), { onChain: true, replaceable: true });
    await until(till, 'seen');
    await btcpay.doubleSpend(payment);
    await till.waitForSelector('#sale:not([data-view="seen"])', { timeout: 15_000 });
    assert.equal(await till.textContent('.amount'), 'J$710.00');
    assert.match(await till.getAttribute('#sale', 'data-view'), /^(waiting|expired)$/);
    await takeCash(till, '710');
    await until(till, 'paid');
  });

  test('marked settled at BTCPay: paid, and the receipt says by whom', async () => {
    await btcpay.mark(await charge('720'), 'Settled');
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$720.00' });
    assert.match(await text(till, '.facts'), /Marked paid at BTCPay J\$720\.00/);
    const customer = await shop.visitor();
    await customer.goto(await till.getAttribute('#print', 'href').then((href) => href.replace(/\/print.*/, '')));
    assert.match(await text(customer, '.slip'), /Marked paid at BTCPay/);
  });

  test('marked invalid after all: not paid any more, and paid again on the same receipt', async () => {
    const code = await charge('730');
    await btcpay.mark(code, 'Settled');
    await until(till, 'paid');
    const receipt = await text(till, '#receipt');
    await btcpay.mark(code, 'Invalid');
    assert.deepEqual(await look(till, 'gone'), { words: 'Not paid any more', look: 'fail', sign: 'fail', line: 'fail gap', amount: 'J$730.00' });
    assert.match(await text(till, '.known'), /J\$730\.00 had come, and BTCPay does not count it any more/);
    assert.deepEqual((await sums(till)).slice(-1), ['Left to pay: J$730.00']);
    const address = till.url();
    await till.goto('/till/recent');
    assert.equal(await text(till, '.sold .badge'), 'Taken back');
    assert.match(await open(`/sales/${new URL(address).pathname.split("/").at(-1)}`), /Taken back/);
    await till.goto(address);
    const second = await again();
    assert.notEqual(second, code);
    await btcpay.pay(second);
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$730.00' });
    assert.equal(await text(till, '#receipt'), receipt);
    assert.match(await trail(), /Taken back: it counts no more/);
  });

  test('final at no confirmation, as the merchant chose, and then double-spent', async () => {
    await choose(() => owner.selectOption('#f-speed', 'HighSpeed'));
    const { payment } = await btcpay.pay(await charge('735'), { onChain: true });
    await until(till, 'paid');
    await btcpay.doubleSpend(payment);
    assert.equal((await look(till, 'gone')).words, 'Not paid any more');
    await till.click('#take-cash');
    await till.fill('#received', '735');
    await take(till);
    await until(till, 'paid');
    await choose(() => owner.selectOption('#f-speed', ''));
  });

  test('webhooks that never come: the till hears of it all the same', async () => {
    await btcpay.hooks({ hold: true });
    await btcpay.pay(await charge('740'));
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$740.00' });
    await btcpay.hooks({});
  });

  test('BTCPay is down: the till says so, and cash works', async () => {
    await btcpay.down(true);
    await sell(till, '750');
    assert.deepEqual(await look(till, 'rail-down'), { words: 'BTCPay is not answering', look: 'warn', sign: 'alert', line: 'warn gap', amount: 'J$750.00' });
    assert.match(await text(till, '.known'), /BTCPay is not answering\. Take cash\. Nothing was taken\./);
    await btcpay.down(false);
    await btcpay.pay(await again());
    await until(till, 'paid');
    await btcpay.down(true);
    await sell(till, '760');
    await until(till, 'rail-down');
    await takeCash(till, '760');
    assert.deepEqual(await look(till, 'paid'), { ...PAID, amount: 'J$760.00' });
    await btcpay.down(false);
  });

  test('the merchant chooses how an invoice can be paid', async () => {
    for (const [words, form] of [['Lightning', /^LNBCRT\w+$/], ['Chain', /^bitcoin:BCRT1\w+\?amount=[\d.]+$/], ['Both', /lightning=LNBCRT/]]) {
      await choose(() => owner.locator('.either').getByText(words, { exact: true }).click());
      await sell(till, '770');
      assert.match(await scan(till), form);
      await till.click('#cancel');
      await until(till, 'voided');
    }
  });
});

describe('looking after it', () => {
  test('the connections page: how it is, what was heard, and a test by a real invoice', async () => {
    const before = (await btcpay.invoices()).length;
    assert.match(await open('/connections'), /BTCPay First .*localhost:\d+ is connected\. Last answer .* in \d+ ms .*Webhook heard \d/);
    assert.match(await text(owner, '[aria-labelledby="sources"]'), /BTCPay J\$12,330,000\.00 a bitcoin, .* old Kraken/);
    await owner.getByRole('button', { name: 'Test it BTCPay' }).click();
    assert.match(await text(owner, 'main [role="status"]'), /An invoice was made and cancelled in \d+ ms\./);
    const made = await btcpay.invoices();
    assert.equal(made.length, before + 1);
    assert.equal(made.filter((one) => one.status === 'New').length, 0, 'nobody can pay the test');
    await btcpay.down(true);
    await owner.getByRole('button', { name: 'Test it BTCPay' }).click();
    assert.match(await text(owner, 'main [role="alert"]'), /The test failed: .*BTCPay does not answer\./);
    assert.match(await text(owner, 'main'), /Last fault /);
    await btcpay.down(false);
  });

  test('what it sent is listed, the test’s too', async () => {
    await opened('/btcpay', /It tried this connection out\. Kept/);
    assert.match(await text(owner, 'main'), /The webhook was last heard .*Invoice paid .*? Read/);
  });

  test('a new webhook secret: deliveries are still believed', async () => {
    await open('/btcpay');
    await owner.getByRole('button', { name: 'New webhook secret' }).click();
    await owner.locator('[role="status"]', { hasText: 'The webhook has a new secret' }).waitFor();
    assert.equal((await btcpay.webhooks()).length, 1);
  });

  test('a key that was taken back is said at the till and on the dashboard; pairing again heals it', async () => {
    await btcpay.revoke();
    await sell(till, '780');
    const refused = await look(till, 'rail-down');
    assert.equal(refused.words, 'BTCPay cannot take this');
    assert.match(await text(till, '.known'), /BTCPay no longer accepts this shop’s key\. The owner has to pair it again\. Nothing was taken\./);
    await takeCash(till, '780');
    await until(till, 'paid');
    await opened('', /BTCPay No connection.*: BTCPay no longer accepts this shop’s key/);
    await pairBtcpay(owner, btcpay.address);
    assert.equal((await btcpay.webhooks()).length, 1, 'the old one is taken away');
    await sell(till, '790');
    await btcpay.pay(await scan(till));
    await until(till, 'paid');
  });

  test('unpaired: the webhook is gone there, and the till takes cash', async () => {
    await open('/btcpay');
    await owner.getByRole('button', { name: 'Unpair it' }).click();
    assert.match(await text(owner, '[role="alert"]'), /Nothing was changed: tick the box first\./);
    await owner.getByText('Nothing more is sold through it').click();
    await owner.getByRole('button', { name: 'Unpair it' }).click();
    assert.match(await text(owner, 'main'), /BTCPay is not connected any more.*Pair your BTCPay Server/);
    assert.deepEqual(await btcpay.webhooks(), []);
    assert.match(await open('/connections'), /Cash only/);
    await sell(till, '800');
    assert.match(await text(till, '.known'), /Take cash/);
    await takeCash(till, '800');
    await until(till, 'paid');
  });
});
