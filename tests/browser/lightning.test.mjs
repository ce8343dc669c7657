// Real money: the customer's node pays the code that stands on the screen, on both databases, whatever
// is killed meanwhile. Every payment settles once, and the till says nothing that is not so.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { openStack } from '../stack/control.mjs';
import { nodeOf, restCall } from '../stack/rest.mjs';
import { readQr } from './browser.mjs';
import { look, scan, sell, takeCash } from './hands.mjs';
import { checkLnd, connectLnd, openForReal, pairing } from './owner.mjs';
import { pdfText } from './pdf.mjs';
import { startRates } from './rates.mjs';
import { openShop, openTill, until } from './shop.mjs';

const stack = process.env.STACK_FILE ? openStack() : undefined;

for (const kind of ['sqlite', 'postgres']) describe(`real money on ${kind}`, () => paid(kind));

function paid(kind) {
  let shop, rates, owner, till;
  /** The invoice on the screen, as a wallet reads it. */
  const invoice = async () => (await scan(till)).toLowerCase();
  /** What LND says of an invoice. */
  const atLnd = async (bolt11) => {
    const { payment_hash: hash } = await restCall(nodeOf(stack.state.env, 'CUSTOMER', stack.state.env.CUSTOMER_LND_ADMIN_MACAROON), 'GET', `/v1/payreq/${bolt11}`);
    return restCall(nodeOf(stack.state.env, 'SHOP'), 'GET', `/v1/invoice/${hash}`);
  };
  /** Crashes a part of the stack and starts it again, whatever happens meanwhile. */
  async function without(part, meanwhile) {
    await stack.kill(part);
    try {
      await meanwhile();
    } finally {
      await stack.start(part);
    }
  }
  /** How often the books hold money for this sale; read off the merchant's own page. */
  async function payments() {
    await owner.goto(`${owner.home}/sales/${new URL(till.url()).pathname.split('/').at(-1)}`);
    return owner.locator('[aria-labelledby="arrived"] ul > li').count();
  }

  before(async () => {
    rates = await startRates();
    shop = await openShop({ on: kind, sandbox: false, env: rates.env });
    owner = await openForReal(shop);
    const found = await checkLnd(owner, stack.state.env.SHOP_LNDCONNECT);
    assert.match(found.join('\n'), /LND answers.*\n.*invoices.*\n.*\n.*in step with the chain.*\n.*can be received/);
    await connectLnd(owner);
    till = await openTill(shop, { who: 'Ann', link: await pairing(owner) });
  });
  after(async () => {
    await shop?.close();
    rates?.close();
  });
  afterEach(() => assert.deepEqual(till.faults.splice(0), []));

  test('the code on the screen is paid, the till says Paid, the receipt holds the proof', async () => {
    await sell(till, '1250');
    assert.equal((await look(till, 'waiting')).amount, 'J$1,250.00');
    assert.match(await till.textContent('.quote.quiet'), /^1 BTC is J\$12,33\d,\d{3}\.\d\dMiddle of 4 sources, \d+ seconds? old$/);
    const { hash } = await stack.pay(await invoice());
    assert.equal((await look(till, 'paid')).amount, 'J$1,250.00');
    await till.click('#show-code');
    const receipt = await readQr(till.locator('#code .qr'));
    assert.match(receipt, new RegExp(`^${shop.url}/r/[0-9a-f]{32}$`));
    const customer = await shop.visitor();
    await customer.goto(receipt);
    assert.match(await customer.textContent('main'), /Yard Cookshop.*J\$1,250\.00/s);
    const pdf = pdfText(await (await fetch(`${receipt}/receipt.pdf?paper=80`)).arrayBuffer());
    assert.ok(pdf.replace(/\s/g, '').includes(hash), pdf);
    assert.equal(await payments(), 1);
  });

  test('the server is killed before the customer pays: paid when it is back', async () => {
    await sell(till, '310');
    const bolt11 = await invoice();
    await shop.server.kill();
    await stack.pay(bolt11);
    await shop.server.start();
    assert.equal((await look(till, 'paid')).amount, 'J$310.00');
    assert.equal(await payments(), 1);
  });

  test('the server is killed between payment and settlement', async () => {
    await sell(till, '320');
    const bolt11 = await invoice();
    // Stopped in its tracks it hears nothing.
    process.kill(shop.server.pid, 'SIGSTOP');
    await stack.pay(bolt11);
    await shop.server.kill();
    await shop.server.start();
    assert.equal((await look(till, 'paid')).amount, 'J$320.00');
    assert.equal(await payments(), 1);
  });

  test('LND is killed: the till says so, and what was offered is paid when it is back', async () => {
    await sell(till, '330');
    const first = await invoice();
    const sale = till.url();
    await without('shop-lnd', async () => {
      await sell(till, '340');
      const down = { words: 'Lightning is not answering', look: 'warn', sign: 'alert', line: 'warn gap', amount: 'J$340.00' };
      assert.deepEqual(await look(till, 'rail-down'), down);
      assert.match(await till.textContent('.known'), /Take cash\..*Nothing was taken\./);
      await takeCash(till, '340');
      await until(till, 'paid');
      await till.goto(sale);
      await until(till, 'waiting');
    });
    await stack.pay(first);
    assert.equal((await look(till, 'paid')).amount, 'J$330.00');
    assert.equal(await payments(), 1);
  });

  test('LND is killed after it was paid, before we hear of it', async () => {
    await sell(till, '350');
    const bolt11 = await invoice();
    await shop.server.kill();
    await stack.pay(bolt11);
    await without('shop-lnd', () => shop.server.start());
    assert.equal((await look(till, 'paid')).amount, 'J$350.00');
    assert.equal(await payments(), 1);
  });

  test('an offer that was replaced is cancelled at LND too', async () => {
    await sell(till, '360');
    const first = await invoice();
    assert.equal((await atLnd(first)).state, 'OPEN');
    await till.click('#part-open');
    await till.fill('#part-amount', '100');
    await till.click('#part button.go');
    await till.waitForFunction(() => document.querySelector('.amount').textContent === 'J$100.00');
    assert.equal((await atLnd(first)).state, 'CANCELED');
    await assert.rejects(stack.pay(first), /FAILURE_REASON_INCORRECT_PAYMENT_DETAILS/);
    const second = await invoice();
    await stack.pay(second);
    await until(till, 'part-paid');
    await till.click('#rest');
    await until(till, 'waiting');
    const third = await invoice();
    await takeCash(till, '260');
    await until(till, 'paid');
    assert.deepEqual([(await atLnd(second)).state, (await atLnd(third)).state], ['SETTLED', 'CANCELED']);
    assert.equal(await payments(), 2);
  });

  test('cancel and pay in the same moment: wallet, LND and till agree', async () => {
    for (const lead of [0, 20, 60]) {
      await sell(till, '370');
      const bolt11 = await invoice();
      const paying = stack.pay(bolt11).then(() => 'paid', (error) => error.message);
      await till.waitForTimeout(lead);
      // Not there any more when the money was faster.
      await till.evaluate(() => document.querySelector('#cancel')?.click());
      const wallet = await paying;
      await till.waitForSelector('#sale[data-view="paid"], #sale[data-view="voided"]');
      const view = await till.getAttribute('#sale', 'data-view');
      assert.equal(view, wallet === 'paid' ? 'paid' : 'voided', wallet);
      assert.equal((await atLnd(bolt11)).state, view === 'paid' ? 'SETTLED' : 'CANCELED');
    }
  });

  if (kind === 'postgres') onPostgres();

  function onPostgres() {
    test('PostgreSQL crashes while the customer pays: paid when it is back', async () => {
      await sell(till, '380');
      const bolt11 = await invoice();
      await without('postgres', () => stack.pay(bolt11));
      assert.equal((await look(till, 'paid')).amount, 'J$380.00');
      assert.equal(await payments(), 1);
    });

    test('unknown: LND is silent when time runs out. Nothing is promised, nothing is charged again, and it resolves itself', async () => {
      await shop.rows('ALTER TABLE store DROP CONSTRAINT store_offer_seconds_check');
      await shop.rows('UPDATE store SET offer_seconds = 5');
      await sell(till, '390');
      const bolt11 = await invoice();
      const sale = till.url();
      await shop.server.kill();
      await stack.pay(bolt11);
      await without('shop-lnd', async () => {
        await shop.server.start();
        const doubt = { words: 'We don’t know yet: checking', look: 'doubt', sign: 'ask', line: 'doubt dotted', amount: 'J$390.00' };
        assert.deepEqual(await look(till, 'unknown'), doubt);
        assert.match(await till.textContent('.known'), /The answer was lost\. Do not charge again\. Last checked \d+ seconds? ago\.\s*Park and wait/);
        assert.equal(await till.locator('.qr, #way-cash, #cancel, #again, #take').count(), 0);
        await till.goto('/till/recent');
        assert.equal((await till.textContent('.sold .badge')).trim(), 'Checking');
        await till.goto(sale);
      });
      assert.equal((await look(till, 'paid')).amount, 'J$390.00');
      assert.equal(await payments(), 1);
      await shop.rows('UPDATE store SET offer_seconds = 600');
    });

    test('the books are closed: every unit adds up to nothing, and no payment is there twice', async () => {
      const rows = await shop.rows("SELECT unit FROM entry GROUP BY unit HAVING SUM(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0");
      assert.deepEqual(rows, []);
      assert.deepEqual(await shop.rows('SELECT reference FROM payment GROUP BY rail, reference HAVING COUNT(*) > 1'), []);
    });
  }
}
