// Photographs the pages that the example `preview` writes, at each size and in both themes, and says
// what is wrong with them. `node preview.mjs FOLDER OUT [NAME…]`; SIZES and THEMES narrow it.
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, violations } from './browser.mjs';
import { scenes } from './scenes.mjs';

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/** Serves a folder as strictly as the server would; a sale there never changes. */
function serve(folder) {
  return createServer((request, response) => {
    const path = join(folder, new URL(request.url, 'http://here').pathname);
    if (path.endsWith('/health')) return response.writeHead(200).end('ok');
    if (path.includes('/till/sales/')) return response.writeHead(path.endsWith('/state') ? 204 : 404).end();
    if (!existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/json', 'content-security-policy': policy });
    return createReadStream(path).pipe(response);
  }).listen(0);
}

/** Photographs all pages, or those named; answers the faults, a line each. */
export async function photograph({ folder, out, sizes, themes, only = [] }) {
  mkdirSync(out, { recursive: true });
  const server = serve(folder);
  const browser = await launch();
  const faults = [];
  const names = new Set([...JSON.parse(readFileSync(join(folder, 'pages.json'))), ...Object.keys(scenes)]);
  for (const size of sizes) {
    const [width, height] = size.split('x').map(Number);
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    for (const name of names) {
      if (only.length && !only.includes(name)) continue;
      const wrong = await look(context, `http://127.0.0.1:${server.address().port}`, name, themes, (theme) => join(out, `${name}-${size}-${theme}.png`));
      faults.push(...wrong.map((words) => `${name} ${size} ${words}`));
    }
    await context.close();
  }
  await browser.close();
  server.close();
  return faults;
}

async function look(context, origin, name, themes, path) {
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => message.type() === 'error' && !/404|ERR_FAILED/.test(message.text()) && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  const scene = scenes[name] ?? { page: name };
  await page.addInitScript((storage) => Object.entries(storage).forEach(([key, value]) => localStorage.setItem(key, value)), scene.storage ?? {});
  if (scene.down) await page.route(/\/(state|live|health)(\?|$)/, (route) => route.abort());
  await page.goto(`${origin}/${scene.page}.html`, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  await scene.act?.(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) wrong.push(`${over} px wider than the screen`);
  wrong.push(...(await small(page)));
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path(colorScheme) });
    wrong.push(...(await violations(page)).map((words) => `${colorScheme}: ${words}`));
  }
  await page.evaluate(() => localStorage.clear());
  await page.close();
  return wrong;
}

/** What is pressed but smaller than a finger: 44 px either way. Not a link within a sentence. */
export function small(page) {
  return page.evaluate(() => {
    const pressed = [...document.querySelectorAll('button, a[href]:not(.inline), summary, input:not([type="hidden"]):not(.vh)')];
    return pressed.flatMap((one) => {
      const { width, height } = (one.closest('label.search, label.tick') ?? one).getBoundingClientRect();
      const seen = one.checkVisibility() && width > 1;
      return seen && (width < 44 || height < 44) ? [`${Math.round(width)}×${Math.round(height)} is small: ${one.outerHTML.slice(0, 80)}`] : [];
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, out, ...only] = process.argv.slice(2);
  const sizes = (process.env.SIZES ?? '1024x768,1280x800,390x844').split(',');
  const themes = (process.env.THEMES ?? 'light,dark').split(',');
  const faults = await photograph({ folder, out, sizes, themes, only });
  faults.forEach((fault) => console.log(fault));
  process.exitCode = faults.length ? 1 : 0;
}
