// A practice shop of its own for a browser test: the server, a paired till, hands to work it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { startServer } from '../stack/server.mjs';
import { launch } from './browser.mjs';

/** Starts a shop with the sample café; `close()` ends it. */
export async function openShop() {
  const dir = await mkdtemp(`${tmpdir()}/pos-server-browser-`);
  const server = await startServer({ dir, args: ['--sandbox', '--data-dir', `${dir}/data`] });
  const greeting = await readFile(server.log, 'utf8');
  const browser = await launch();
  const close = async () => {
    await browser.close();
    await server.stop();
    await rm(dir, { recursive: true });
  };
  return {
    url: server.url,
    server,
    browser,
    close,
    pairing: /pair\?code=(\w+)/.exec(greeting)[1],
    pin: (name) => new RegExp(`${name} (\\d+)`).exec(greeting)[1],
  };
}

/** A tablet's page, paired and unlocked by Keisha, at the till. */
export async function openTill(shop, options = {}) {
  const context = await shop.browser.newContext({ viewport: { width: 1024, height: 768 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${shop.url}/pair?code=${shop.pairing}`);
  await page.getByRole('button', { name: 'Make it a till' }).click();
  await unlock(page, shop);
  return page;
}

/** Unlocks the till that shows the faces of its staff. */
export async function unlock(page, shop, name = 'Keisha') {
  await page.getByText(name, { exact: true }).click();
  await page.keyboard.type(shop.pin(name));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/till');
}

/** Plays the customer: pays what the page asks for, in one of the practice wallet's ways. */
export async function playCustomer(page, how = 'Pay') {
  const href = await page.getAttribute('#wallet', 'href');
  const wallet = await page.context().newPage();
  await wallet.goto(new URL(href, page.url()).href);
  await wallet.getByRole('button', { name: how, exact: true }).click();
  const said = await wallet.locator('[role="status"]').first().textContent();
  await wallet.close();
  return said.trim();
}

/** The state of the sale on the page. */
export const state = (page) => page.getAttribute('#sale', 'data-view');

/** Waits until the sale on the page is in a state. */
export const until = (page, name) => page.waitForSelector(`#sale[data-view="${name}"]`, { timeout: 15_000 });
