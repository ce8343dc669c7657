// Looks at a page as people do: at both sizes, by day and by night. What a checker of accessibility
// finds, what is wider than the screen or too small for a finger, what the console complains of.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { violations } from './browser.mjs';
import { small } from './preview.mjs';
import { PHONE, TABLET } from './shop.mjs';

const SIZES = [TABLET, PHONE];

/**
 * Something that checks open pages and leaves their photographs in `shots/FOLDER`. `still` pages do not
 * scroll on a tablet; `code` is what has to be scanned.
 */
export function looking(folder) {
  const out = fileURLToPath(new URL(`shots/${folder}`, import.meta.url));
  mkdirSync(out, { recursive: true });
  return async (page, name, { still = false, code } = {}) => {
    const wrong = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const size of SIZES) {
        const title = `${name}-${size.width}x${size.height}-${colorScheme}`;
        await page.setViewportSize(size);
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: `${out}/${title}.png` });
        const found = [...(await violations(page)), ...(await small(page)), ...(await page.evaluate(measure, { still: still && size === TABLET, code }))];
        wrong.push(...found.map((words) => `${title}: ${words}`));
      }
    }
    await page.setViewportSize(TABLET);
    assert.deepEqual([...wrong, ...page.faults.splice(0)], []);
  };
}

/** Runs in the page: what is too wide, too high, too small to be scanned, or named twice. */
function measure({ still, code }) {
  const wrong = [];
  const { scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > innerWidth) wrong.push(`${scrollWidth - innerWidth} px wider than the screen`);
  if (still && scrollHeight > innerHeight) wrong.push(`${scrollHeight - innerHeight} px higher than the screen`);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`two things are called ${id}`);
  for (const one of document.querySelectorAll('main .panel, .side li > a')) {
    if (one.scrollWidth > one.clientWidth + 1) wrong.push(`${one.textContent.trim().slice(0, 30)} is ${one.scrollWidth - one.clientWidth} px wider than its place`);
  }
  if (code) {
    const box = document.querySelector(code);
    const { width, height } = box.getBoundingClientRect();
    const least = Math.max(280, 0.6 * Math.min(innerWidth, innerHeight));
    if (Math.min(width, height) < least) wrong.push(`the code is ${width}×${height}, less than ${least}`);
    const paint = getComputedStyle(box);
    if (paint.backgroundColor !== 'rgb(255, 255, 255)') wrong.push(`the code stands on ${paint.backgroundColor}`);
  }
  return wrong;
}
