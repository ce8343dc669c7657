// Chromium for the browser tests, and eyes to read a QR code off its screen.
import axe from 'axe-core';
import jsQR from 'jsqr';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';

/** No sandbox: it needs rights that a container or root does not have, and only our own pages are opened. */
export function launch(options = {}) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], ...options });
}

/** The text of the QR code on a page or in an element, as a camera would see it; null when none can be read. */
export async function readQr(target) {
  const { data, width, height } = PNG.sync.read(await target.screenshot());
  return jsQR(new Uint8ClampedArray(data), width, height)?.data ?? null;
}

/** What axe-core finds on the page, one line each; empty when all is well. No page of ours holds another. */
export async function violations(page) {
  if (await page.evaluate(() => !window.axe)) await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], preload: false }));
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}): ${target.join(' ')}`));
}
