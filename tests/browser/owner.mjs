// What the owner does on the dashboard before anybody can sell.
import { readQr } from './browser.mjs';

/** Opens shop by the link that the server printed, as somebody who was never here. Answers the owner's page. */
export async function openForReal(shop, { name = 'Yard Cookshop', cashier = 'Ann', pin = '8642' } = {}) {
  const page = await shop.visitor();
  await page.goto(shop.said('Open shop', '(\\S+)'));
  await page.fill('#f-name', name);
  await page.fill('#f-email', 'ivy@example.com');
  await page.fill('#f-password', 'sorrel ginger lime');
  await page.fill('#f-address', '7 Constant Spring Road\nKingston 10');
  await page.fill('#f-cashier', cashier);
  await page.fill('#f-pin', pin);
  await page.getByRole('button', { name: 'Create the shop' }).click();
  await page.waitForURL('**/dashboard/*');
  shop.pins = { [cashier]: pin };
  page.home = new URL(page.url()).pathname;
  return page;
}

/** Signs the practice café's owner in. */
export async function signIn(shop, options = {}) {
  const page = await shop.visitor(options);
  await page.goto('/sign-in');
  await page.fill('#f-email', 'owner@example.com');
  await page.fill('#f-password', shop.said('Owner', '\\S+, password (\\S+)'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard/*');
  page.home = new URL(page.url()).pathname;
  return page;
}

/** Pastes an lndconnect link and checks it. Answers what the check found. */
export async function checkLnd(page, link) {
  await page.goto(`${page.home}/lightning`);
  await page.fill('#f-link', link);
  await page.getByRole('button', { name: 'Check it' }).click();
  await page.locator('.findings, [role="alert"], .fault').first().waitFor();
  return page.locator('.findings li').allTextContents();
}

/** Connects what was checked: from now on the money is real. */
export async function connectLnd(page) {
  await page.getByRole('button', { name: 'Connect it', exact: true }).click();
  await page.locator('.badge', { hasText: 'Connected' }).waitFor();
}

/** A link that makes a tablet this till, read off the owner's screen by the tablet's camera. */
export async function pairing(page) {
  await page.goto(`${page.home}/tills`);
  await page.getByRole('button', { name: 'Pair a tablet' }).click();
  await page.locator('.code-page .qr').waitFor();
  return readQr(page.locator('.code-page .qr'));
}
