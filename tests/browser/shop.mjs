// A shop of its own for a browser test: a server on a fresh database, tablets that are its tills, and
// a customer with the practice wallet.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { startServer } from '../stack/server.mjs';
import { launch } from './browser.mjs';
import { dropDatabase, freshDatabase, psql } from './database.mjs';

export const TABLET = { width: 1024, height: 768 };
export const PHONE = { width: 390, height: 844 };
const EXPECTED = /^Failed to load resource: (net::|.*status of (401|409|410|413|415|422|428) )/;

/**
 * Starts a shop: the practice café, unless `sandbox` is false. `on` is the database's kind, `env` what
 * else the server is told. `close()` ends it.
 */
export async function openShop(what) {
  const shop = await openServer(what);
  shop.browser = await launch();
  return shop;
}

/** The same without a browser. */
export async function openServer({ on = 'sqlite', sandbox = true, env = {} } = {}) {
  const dir = await mkdtemp(`${process.env.STACK_DIR ?? tmpdir()}/pos-shop-`);
  const database = on === 'postgres' ? await freshDatabase() : undefined;
  const settings = { ...env, POS_DATA_DIR: `${dir}/data` };
  if (database) settings.POS_DATABASE_URL = database;
  const server = await startServer({ dir, env: settings, args: sandbox ? ['--sandbox'] : [] });
  return new Shop({ dir, database, server });
}

class Shop {
  constructor(parts) {
    Object.assign(this, parts);
    this.url = this.server.url;
    this.links = [this.said('Till', '(\\S+)')].filter(Boolean);
  }

  /** What the server printed last beside a word. */
  said(label, form) {
    const log = readFileSync(this.server.log, 'utf8');
    return [...log.matchAll(new RegExp(`^  ${label} +${form}`, 'gm'))].at(-1)?.[1];
  }

  pin(name) {
    return this.pins?.[name] ?? this.said('PINs', `.*${name} (\\d+)`);
  }

  /** A link that makes a tablet a till, once; the server prints one at each start. */
  async pairing() {
    if (!this.links.length) {
      await this.server.restart();
      this.links.push(this.said('Till', '(\\S+)'));
    }
    return this.links.pop();
  }

  /**
   * A browser that was never here. Its `faults` are what its scripts and its console complain of, but
   * for refusals and a lost connection: pages say those in words.
   */
  async visitor(options = {}) {
    const context = await this.browser.newContext({ viewport: TABLET, reducedMotion: 'reduce', baseURL: this.url, ...options });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => line.type() === 'error' && !EXPECTED.test(line.text()) && faults.push(`${line.text()} ${line.location().url}`));
    return Object.assign(page, { faults });
  }

  /** Rows of the database, each a list of texts; only on PostgreSQL. */
  rows(sql) {
    return psql(this.database, sql);
  }

  async close() {
    await this.browser?.close();
    await this.server.kill();
    if (this.database) await dropDatabase(this.database);
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A tablet's page, paired and unlocked, at the till. */
export async function openTill(shop, { who = 'Keisha', link, ...options } = {}) {
  const page = await shop.visitor(options);
  await page.goto(link ?? (await shop.pairing()));
  await page.getByRole('button', { name: 'Make it a till' }).click();
  await unlock(page, shop, who);
  return page;
}

/** Unlocks the till that shows the faces of its staff. */
export async function unlock(page, shop, name = 'Keisha') {
  await page.getByText(name, { exact: true }).click();
  await page.keyboard.type(shop.pin(name));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/till/unlock');
}

/** Plays the customer: pays what the page asks for, in one of the practice wallet's ways. */
export async function playCustomer(page, how = 'Pay') {
  return payAs(page, new URL(await page.getAttribute('#wallet', 'href'), page.url()).href, how);
}

/** Pays an invoice that was on the screen a while ago. */
export async function payAs(page, wallet, how = 'Pay') {
  const customer = await page.context().newPage();
  await customer.goto(wallet.startsWith('http') ? wallet : `/practice/wallet?invoice=${wallet}`);
  await customer.getByRole('button', { name: how, exact: true }).click();
  const said = await customer.locator('[role="status"]').first().textContent();
  await customer.close();
  return said.trim();
}

/** The state of the sale on the page. */
export const state = (page) => page.getAttribute('#sale', 'data-view');

/** Waits until the sale on the page is in a state. */
export const until = (page, name) => page.waitForSelector(`#sale[data-view="${name}"]`, { timeout: 15_000 });
