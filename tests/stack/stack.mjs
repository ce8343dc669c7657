#!/usr/bin/env node
// The real parts around a command, on loopback and in a temporary folder:
//
//   node tests/stack/stack.mjs up [--bitcoin] [--postgres] [--fleeting] [--publish] -- command args…
//
// Starts what is asked for, runs the command with its addresses in the environment (env.mjs), and takes
// everything down again when it ends or a signal comes. Gives the command's exit code.
//   --bitcoin   bitcoind (regtest) and two LNDs, shop and customer, with a channel that pays both ways
//   --postgres  a private PostgreSQL cluster
//   --fleeting  in memory, the command's temporary files too: for what need not survive a power cut
//   --publish   lets `make pay` find this stack from another terminal
// STACK_TMP says where the temporary folder goes (place.mjs), STACK_KEEP=1 keeps it, STACK_PATIENCE is in
// seconds.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startBitcoind } from './bitcoind.mjs';
import { runningFile, serveControl } from './control.mjs';
import { environment } from './env.mjs';
import { startLightning, usable } from './lightning.mjs';
import { guarded, running, say } from './part.mjs';
import { newHome } from './place.mjs';
import { startPostgres } from './postgres.mjs';

const FLAGS = ['bitcoin', 'postgres', 'fleeting', 'publish'];
const options = Object.fromEntries(FLAGS.map((flag) => [flag, { type: 'boolean' }]));
const cut = process.argv.indexOf('--');
const command = cut < 0 ? [] : process.argv.slice(cut + 1);
const { values: asked, positionals } = parseArgs({ args: process.argv.slice(2, cut < 0 ? undefined : cut), options, allowPositionals: true });
if (positionals.join() !== 'up' || !command.length) {
  console.error(`usage: node tests/stack/stack.mjs up ${FLAGS.map((flag) => `[--${flag}]`).join(' ')} -- command args…`);
  process.exit(2);
}

const home = newHome(asked.fleeting);
// PostgreSQL runs as another user and must be able to pass through.
chmodSync(home, 0o711);
const file = `${home}/stack.json`;
let child;
let signalled = false;

// Whatever ends this process, these lines run (but for SIGKILL: then the kernel ends the parts, see part.mjs).
process.on('exit', () => {
  if (child) signalChild('SIGKILL');
  for (const part of running) part.child?.kill(part.crash);
  if (asked.publish) rmSync(runningFile, { force: true });
  if (process.env.STACK_KEEP) say(`kept ${home}`);
  else rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (child) {
      // It may finish what is in hand; half a minute later, or at the second signal, it is ended.
      signalChild(signalled ? 'SIGKILL' : signal);
      signalled = true;
      setTimeout(signalChild, 30_000, 'SIGKILL').unref();
      return;
    }
    await down();
    process.exit(128 + constants.signals[signal]);
  });
}

try {
  const started = Date.now();
  const parts = await up();
  say(`up in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const code = await runCommand(parts);
  await down();
  process.exit(code);
} catch (error) {
  say(`FAILED: ${error.message}`);
  await down();
  process.exit(1);
}

async function up() {
  const [chain, postgres] = await Promise.all([asked.bitcoin ? bitcoin() : {}, asked.postgres ? startPostgres(home) : undefined]);
  return { ...chain, postgres };
}

async function bitcoin() {
  const bitcoind = await startBitcoind(home);
  return { bitcoind, ...(await startLightning(home, bitcoind)) };
}

async function runCommand(stack) {
  const { bitcoind, shop, customer, postgres } = stack;
  const part = (node, started = () => node.start(), crash) => node && { stop: (signal = crash) => node.part.stop(signal), start: started };
  const lnd = (node) => part(node, async () => {
    await node.start();
    await usable(shop, customer);
  });
  const control = await serveControl({
    // bitcoind, killed, forgets the blocks of the last minutes, and no LND follows a chain that became shorter.
    parts: { bitcoind: part(bitcoind, undefined, 'SIGTERM'), 'shop-lnd': lnd(shop), 'customer-lnd': lnd(customer), postgres: part(postgres) },
    verbs: {
      pay: (bolt11, amountSat) => customer.pay(bolt11, { amountSat }),
      mine: async (blocks) => ({ blocks: await bitcoind.mine(blocks) }),
    },
    changed: () => write(),
  });

  const temporary = asked.fleeting ? { STACK_TMP: dirname(home), TMPDIR: `${home}/tmp` } : {};
  if (asked.fleeting) mkdirSync(temporary.TMPDIR);

  const write = () => {
    const env = { STACK_FILE: file, STACK_CONTROL: control.url, STACK_DIR: home, ...temporary, ...environment(stack) };
    const text = JSON.stringify({ control: control.url, dir: home, pid: process.pid, env }, null, 2);
    for (const target of asked.publish ? [file, runningFile] : [file]) {
      // Renamed into its place: a reader never sees half of it.
      writeFileSync(`${target}.new`, text, { mode: 0o600 });
      renameSync(`${target}.new`, target);
    }
    return env;
  };

  // A session of its own, so that a signal reaches all that the command started, and all of it ends.
  const [program, ...args] = guarded({ program: command[0], args: command.slice(1), crash: 'SIGTERM' });
  child = spawn(program, args, { stdio: 'inherit', detached: true, env: { ...process.env, ...write() } });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`cannot run ${command[0]}: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function signalChild(signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

async function down() {
  if (child?.pid) signalChild('SIGKILL');
  // The folder is thrown away: nothing needs to end in good order.
  await Promise.all([...running].map((part) => part.stop()));
}
