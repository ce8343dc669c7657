// What a cashier's hands do, and what their eyes look for.
import { readQr } from './browser.mjs';
import { until } from './shop.mjs';

/** Types a sum on the keypad: `350+450`. */
export async function type(page, sum) {
  await page.click('[data-show="keypad"]');
  for (const key of String(sum)) await page.click(`#keypad [data-key="${key}"]`);
}

/** Puts items of the shelf into the sale. */
export async function add(page, ...names) {
  await page.click('[data-show="items"]');
  for (const name of names) await page.click(`.tile:has(b:text-is("${name}"))`);
}

/** Presses Charge and a tip; then the pay page is there. */
export async function charge(page, tip = 'none') {
  await page.click('#charge-button');
  await page.click(`#tip button[name="tip"][value="${tip}"]`);
  await page.waitForSelector('#sale');
}

/** Rings up a sum and charges it. Answers the address of the sale. */
export async function sell(page, sum = '1250', tip = 'none') {
  await page.goto('/till');
  await type(page, sum);
  await charge(page, tip);
  return new URL(page.url()).pathname;
}

/** Takes cash for the sale on the screen. */
export async function takeCash(page, received) {
  await page.click('#way-cash');
  await page.fill('#received', String(received));
  await page.click('#take');
}

/** Presses Take cash; once more if the page was just painted anew under the finger, as anybody would. */
export async function take(page) {
  const before = await page.getAttribute('#sale', 'data-view');
  const moved = (view) => document.querySelector('#sale').dataset.view !== view;
  for (let tries = 0; tries < 3; tries += 1) {
    await page.click('#take', { timeout: 5_000 }).catch(() => {});
    if (await page.waitForFunction(moved, before, { timeout: 4_000 }).then(() => true, () => false)) return;
  }
  throw new Error(`no cash was taken: ${await page.locator('#notice').textContent().catch(() => '')}`);
}

/** What a camera reads off the screen. It looks again when the page was just being painted anew. */
export async function scan(page) {
  const code = page.locator('.way .qr');
  for (let tries = 0; tries < 5; tries += 1) {
    await code.waitFor();
    const text = await readQr(code).catch(() => null);
    if (text) return text;
  }
  throw new Error('no QR code can be read off the screen');
}

/** Waits for a state and says how it looks: words, class, sign, line and amount. */
export async function look(page, view) {
  await until(page, view);
  return page.evaluate(() => {
    const state = document.querySelector('.state');
    const line = document.querySelector('.known hr.line, .known progress, .verdict hr.line');
    return {
      words: state.textContent.trim(),
      look: state.className.replace(/\bstate\b/, '').trim(),
      sign: state.querySelector('use').getAttribute('href').replace(/.*#/, ''),
      line: line.localName === 'progress' ? `filled ${line.className}`.trim() : line.className.replace(/\bline\b/, '').trim(),
      amount: document.querySelector('.amount').textContent.replace(/\s+/g, ' ').trim(),
    };
  });
}

/** The total of the cart. */
export const total = (page) => page.locator('[data-total]:visible').first().textContent();

/** The lines of the cart, as `2 Flat white 1,500.00`. */
export function lines(page) {
  return page.$$eval('#lines > li', (entries) => entries.map((entry) => {
    const text = (selector) => entry.querySelector(selector)?.textContent ?? '';
    return [text('output'), text('b'), text('small'), text(':scope > .money')].filter(Boolean).join(' ');
  }));
}

/** Rows of sums, as `GCT 15%, included: 104.35`. */
export function sums(page, list = '.sums') {
  return page.$$eval(`${list} > div`, (rows) => rows.map((row) => `${row.querySelector('dt').textContent}: ${row.querySelector('dd').textContent}`));
}
