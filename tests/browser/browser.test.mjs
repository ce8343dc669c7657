// The tools of the browser tests: were one of them blind, every other test here would prove nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, readQr, violations } from './browser.mjs';

// A QR code of `text`, one character a module.
const text = 'LIGHTNING:LNBCRT25U1PTEST';
const modules = `
#######.##..#.....#######
#.....#.........#.#.....#
#.###.#..#.#......#.###.#
#.###.#..#.##..##.#.###.#
#.###.#.#..###.#..#.###.#
#.....#.##..###...#.....#
#######.#.#.#.#.#.#######
...........#.#.##........
.#######.####.###..##...#
####...#...##..#...###..#
##..#.##.#.#.....#.##.##.
..#.##..#.##..##...#...##
#.#...####.##..#.##..#.##
#....#.###...##.......##.
#..#.####.#....###.#.#..#
#.#..#..######..#...##..#
#.#####..#.####.#####..#.
........#..#..###...####.
#######.#.####.##.#.###..
#.....#.#....####...##..#
#.###.#.###.#...######.#.
#.###.#.#..######.#####.#
#.###.#.#..#...##.##.##.#
#.....#.#.####..###...#..
#######..#.#....#####.#.#`.trim().split('\n');

const squares = modules.flatMap((row, y) => [...row].map((module, x) => (module === '#' ? `M${x} ${y}h1v1h-1z` : ''))).join('');
const html = (body) => `<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>${body}</main></html>`;

let browser, page;
before(async () => {
  browser = await launch();
  page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
});
after(() => browser?.close());

test('a QR code is read off the screen, and none is read where there is none', async () => {
  await page.setContent(html(`<svg viewBox="-4 -4 33 33" width="280" role="img" aria-label="QR code"><path d="${squares}"/></svg>`));
  assert.equal(await readQr(page), text);
  assert.equal(await readQr(page.locator('svg')), text);
  await page.setContent(html('<p>Paid</p>'));
  assert.equal(await readQr(page), null);
});

test('axe-core finds what is wrong, and nothing on a page that is right', async () => {
  await page.setContent(html('<p>Paid</p>'));
  assert.deepEqual(await violations(page), []);
  await page.setContent(html('<input type="text">'));
  assert.match((await violations(page)).join(), /^label /);
});
