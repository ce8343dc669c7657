// Photographs the pages that the example `preview` wrote, at each size and in both themes, and
// says what axe finds. `node preview.mjs FOLDER OUT [NAME…]`; SIZES and THEMES narrow it.
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { scenes } from './scenes.mjs';

const [folder, out, ...only] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sizes = (process.env.SIZES ?? '1024x768,1280x800,390x844').split(',');
const themes = (process.env.THEMES ?? 'light,dark').split(',');
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

const server = createServer((request, response) => {
  const path = join(folder, new URL(request.url, 'http://x').pathname);
  if (path.endsWith('/health')) return response.writeHead(200).end('ok');
  if (path.includes('/till/sales/')) return response.writeHead(path.endsWith('/state') ? 204 : 404).end();
  if (!existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/json', 'content-security-policy': csp });
  createReadStream(path).pipe(response);
}).listen(0);
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
mkdirSync(out, { recursive: true });
let faults = 0;

for (const theme of themes) {
  for (const size of sizes) {
    const [width, height] = size.split('x').map(Number);
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce', bypassCSP: false });
    const pages = JSON.parse(readFileSync(join(folder, 'pages.json')));
    for (const name of new Set([...pages, ...Object.keys(scenes)])) {
      if (only.length && !only.includes(name)) continue;
      await photograph(context, name, `${name}-${size}-${theme}`);
    }
    await context.close();
  }
}
await browser.close();
server.close();
process.exitCode = faults ? 1 : 0;

async function photograph(context, name, title) {
  const page = await context.newPage();
  const say = (words) => { faults += 1; console.log(`${title}: ${words}`); };
  page.on('console', (message) => message.type() === 'error' && !/404|ERR_FAILED/.test(message.text()) && say(message.text()));
  page.on('pageerror', (error) => say(error.message));
  const scene = scenes[name] ?? { page: name };
  await page.addInitScript((storage) => Object.entries(storage).forEach(([key, value]) => localStorage.setItem(key, value)), scene.storage ?? {});
  if (scene.down) await page.route(/\/(state|live|health)(\?|$)/, (route) => route.abort());
  await page.goto(`${origin}/${scene.page}.html`, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  await scene.act?.(page);
  await page.screenshot({ path: join(out, `${title}.png`) });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) say(`${wide} px wider than the screen`);
  await page.evaluate(axe);
  for (const { id, nodes } of (await page.evaluate(() => window.axe.run())).violations) {
    say(`${id}: ${nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
  }
  await page.evaluate(() => localStorage.clear());
  await page.close();
}
