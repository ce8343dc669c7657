// The stack itself: it works, it survives what the tests do to it, and nothing of it is left behind.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openStack, restartLnd, restartPostgres } from './control.mjs';
import { nodeOf, restCall } from './rest.mjs';

const run = promisify(execFile);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** A stack whose command prints where its STACK_FILE is, then waits. */
async function bringUp(...parts) {
  const args = ['up', ...parts, '--', 'sh', '-c', 'echo "$STACK_FILE $$"; exec sleep 600'];
  const process = spawn('node', [here('stack.mjs'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(process, 'exit');
  for await (const line of createInterface({ input: process.stdout })) {
    const [file, command] = line.split(' ');
    const stack = openStack(file);
    return { process, ended, file, stack, pids: [Number(command), ...pidsOf(stack.state.env)] };
  }
  throw new Error('the stack did not come up');
}

const pidsOf = (env) => Object.entries(env).filter(([name]) => name.endsWith('_PID')).map(([, pid]) => Number(pid));

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pids) {
  for (let tries = 0; tries < 200 && pids.some(lives); tries++) await sleep(100);
  return !pids.some(lives);
}

describe('the whole stack', () => {
  let up;
  before(async () => (up = await bringUp('--bitcoin', '--postgres')));
  after(() => up?.process.kill('SIGKILL'));

  const till = (method, path, body) => restCall(nodeOf(up.stack.state.env, 'SHOP'), method, path, body);
  const query = (sql) => run(`${up.stack.state.env.POSTGRES_BIN}/psql`, [up.stack.state.env.TEST_POSTGRES_URL, '-Atc', sql]);
  const ring = () => till('POST', '/v1/invoices', { value: '2500', memo: 'two patties' });
  const lookUp = (invoice) => till('GET', `/v1/invoice/${Buffer.from(invoice.r_hash, 'base64').toString('hex')}`);

  test('the customer pays the till, which has the rights of a till and no more', async () => {
    const invoice = await ring();
    const { hash } = await up.stack.pay(invoice.payment_request);
    assert.equal(hash, Buffer.from(invoice.r_hash, 'base64').toString('hex'));
    assert.equal((await lookUp(invoice)).state, 'SETTLED');
    assert.ok(Number((await till('GET', '/v1/balance/channels')).remote_balance.sat) > 1_000_000);
    await assert.rejects(till('GET', '/v1/balance/blockchain'), /permission denied/);
  });

  test('pay.mjs pays what stands in a QR code', async () => {
    const { payment_request: bolt11 } = await ring();
    const env = { ...process.env, STACK_FILE: up.file };
    const { stdout } = await run('node', [here('pay.mjs'), `LIGHTNING:${bolt11.toUpperCase()}`], { env });
    assert.match(stdout, /^paid\nhash +[0-9a-f]{64}/);
    await assert.rejects(run('node', [here('pay.mjs'), bolt11], { env }), /already paid/);
  });

  test("the lndconnect link holds the shop's certificate and macaroon", () => {
    const link = new URL(up.stack.state.env.SHOP_LNDCONNECT);
    assert.equal(link.host, up.stack.state.env.SHOP_LND_ADDRESS);
    for (const name of ['cert', 'macaroon']) assert.match(link.searchParams.get(name), /^[\w-]{100,}$/);
  });

  test("the shop's LND is killed: its invoices are still there and the next payment passes", async () => {
    const before = up.stack.state.env;
    const [paid, open] = [await ring(), await ring()];
    await up.stack.pay(paid.payment_request);
    await restartLnd(up.stack);
    const after = up.stack.state.env;
    assert.notEqual(after.SHOP_LND_PID, before.SHOP_LND_PID);
    assert.equal(after.SHOP_LND_ADDRESS, before.SHOP_LND_ADDRESS);
    assert.ok(await gone([Number(before.SHOP_LND_PID)]));
    assert.equal((await lookUp(paid)).state, 'SETTLED');
    await up.stack.pay(open.payment_request);
    assert.equal((await lookUp(open)).state, 'SETTLED');
  });

  test('PostgreSQL crashes: what was committed is there', async () => {
    await query('CREATE TABLE sale (id bigint); INSERT INTO sale VALUES (7)');
    for (const signal of [undefined, 'SIGINT']) {
      await restartPostgres(up.stack, signal);
      assert.equal((await query('SELECT id FROM sale')).stdout, '7\n');
    }
  });

  test('a signal takes everything down', async () => {
    up.pids.push(...pidsOf(up.stack.state.env));
    up.process.kill('SIGTERM');
    const [code] = await up.ended;
    assert.equal(code, 143);
    assert.ok(!up.pids.some(lives), 'a part is still running');
    assert.ok(!existsSync(up.file), 'the folder is still there');
  });
});

test("the command's exit code is the stack's, and what it left running is ended", async () => {
  const command = ['up', '--', 'sh', '-c', 'sleep 600 & echo $!; exit 7'];
  const failed = await run('node', [here('stack.mjs'), ...command]).catch((error) => error);
  assert.equal(failed.code, 7);
  assert.ok(await gone([Number(failed.stdout)]));
});

test('a fleeting stack keeps temporary files too where nothing of them is left', async () => {
  const command = ['up', '--fleeting', '--', 'sh', '-c', 'mktemp; dirname "$STACK_DIR"; echo "$STACK_TMP"'];
  const { stdout } = await run('node', [here('stack.mjs'), ...command]);
  const [file, place, nested] = stdout.split('\n');
  assert.ok(file.startsWith(`${place}/pos-stack-`), file);
  assert.equal(nested, place);
  assert.ok(!existsSync(file));
});

test('a stack that is killed leaves no part running', { skip: process.platform !== 'linux' && 'only Linux tells a child' }, async () => {
  const up = await bringUp('--postgres');
  up.process.kill('SIGKILL');
  await up.ended;
  assert.ok(await gone(up.pids));
  await run('rm', ['-rf', up.stack.state.dir]);
});

test('a part that cannot be had is named', async () => {
  const env = { ...process.env, BITCOIND: '/nowhere/bitcoind' };
  const failed = await run('node', [here('stack.mjs'), 'up', '--bitcoin', '--', 'true'], { env }).catch((error) => error);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /bitcoind: FAILED: BITCOIND=\/nowhere\/bitcoind is not a program/);
});
