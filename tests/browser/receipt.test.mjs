// The receipt as the customer gets it: from the code on the till's screen to page, print and PDF.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readQr } from './browser.mjs';
import { add, charge, scan, sums } from './hands.mjs';
import { pdfText } from './pdf.mjs';
import { PHONE, openShop, openTill, payAs, until } from './shop.mjs';

let shop, till, customer;

before(async () => {
  shop = await openShop();
  till = await openTill(shop);
  customer = await shop.visitor({ viewport: PHONE });
});
after(() => shop?.close());

/** The number of a receipt and its address, as read off the till's screen. */
async function shownReceipt() {
  await until(till, 'paid');
  const number = (await till.textContent('#receipt')).replace('Receipt ', '');
  await till.click('#show-code');
  const address = await readQr(till.locator('#code .qr'));
  await till.click('#code [data-close]');
  return { number, address };
}

test('the code on the screen leads a customer to the receipt, its proof and its PDF', async () => {
  await till.goto('/till');
  await add(till, 'Flat white', 'Flat white', 'Espresso');
  await charge(till);
  const invoice = await scan(till);
  await payAs(till, invoice);
  const { number, address } = await shownReceipt();
  assert.match(address, /\/r\/[0-9a-f]{32}$/);
  await customer.goto(address);
  assert.equal(await customer.textContent('.badge'), 'Paid');
  assert.equal(await customer.textContent('.practice'), ' Practice money: nothing here is real');
  assert.equal(await customer.textContent('.total .money'), 'J$2,000.00');
  assert.match(await customer.textContent('.slip'), new RegExp(`Receipt ${number}`));
  assert.deepEqual(await sums(customer, '.items'), ['2 Flat white: 1,500.00', '1 Espresso: 500.00']);
  const paid = await sums(customer, '.sums:not(.items)');
  assert.match(paid[1], /^Lightning, [\d,]+ sats: 2,000\.00$/);
  assert.match(paid[2], /^1 BTC: J\$12,325,317\.06$/);
  assert.match(paid[3], /^Practice rate: \d\d:\d\d:\d\d$/);
  await customer.getByText('Proof of payment').click();
  const hash = await customer.textContent('.mono:visible');
  assert.match(hash, /^[0-9a-f]{64}$/);
  for (const paper of ['58', '80', 'a4']) {
    const answer = await customer.request.get(`${address}/receipt.pdf?paper=${paper}`);
    assert.equal(answer.headers()['content-type'], 'application/pdf');
    const text = pdfText(await answer.body());
    for (const words of [number, 'J$2,000.00', 'Practice money:']) assert.ok(text.includes(words), `${paper}: ${text}`);
    assert.ok(text.replaceAll('\n', '').includes(hash), `${paper}: ${text}`);
  }
  assert.deepEqual(customer.faults, []);
});

test('each paper prints itself, as wide as it is, with a code that can be scanned', async () => {
  const { address } = await shownReceipt();
  await customer.addInitScript(() => { window.print = () => { document.title += ' printed'; }; });
  for (const [paper, width] of [['58', 58], ['80', 80], ['a4', 190]]) {
    await customer.setViewportSize({ width: 1024, height: 768 });
    await customer.goto(`${address}/print?paper=${paper}`);
    await customer.waitForFunction(() => document.title.endsWith(' printed'));
    const box = await customer.locator('.paper').boundingBox();
    assert.equal(Math.round(box.width * 25.4 / 96), width);
    assert.equal(await readQr(customer.locator('.paper-qr')), address);
    assert.ok((await customer.textContent('.paper')).includes('Practice money: nothing here is real'));
  }
  assert.deepEqual(customer.faults, []);
});

test('a guessed address leads nowhere, in words', async () => {
  const answer = await customer.goto(`/r/${'0'.repeat(32)}`);
  assert.equal(answer.status(), 404);
  assert.match(await customer.textContent('main'), /There is no such page/);
});
