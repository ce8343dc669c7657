// Every page of the till in every state, at both sizes and in both themes: nothing an
// accessibility checker finds, nothing too small for a finger, nothing wider than the screen. The
// photographs land in `shots`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { photograph } from './preview.mjs';

const out = fileURLToPath(new URL('shots', import.meta.url));
const folder = mkdtempSync(`${tmpdir()}/pos-server-pages-`);

before(() => execFileSync(join(dirname(process.env.POS_SERVER_BIN), 'examples/preview'), [folder]));
after(() => rmSync(folder, { recursive: true }));

for (const size of ['1024x768', '390x844']) {
  test(`all pages at ${size}, light and dark`, async () => {
    assert.deepEqual(await photograph({ folder, out, sizes: [size], themes: ['light', 'dark'] }), []);
  });
}
