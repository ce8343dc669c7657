// How the browser tests start and kill the server, tried on a stand-in that has nothing but /health.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { startServer } from './server.mjs';

const standIn = `
  const [host, port] = process.env.POS_LISTEN.split(':');
  process.on('SIGTERM', () => { console.log('finished'); process.exit(0); });
  if (process.env.POS_BROKEN) { console.error('POS_BROKEN: no such setting'); process.exit(2); }
  require('node:http').createServer((_, response) => response.end('ok')).listen(port, host);
`;
const start = (dir, env) => startServer({ dir, env, binary: process.execPath, args: ['-e', standIn] });

let dir;
before(async () => (dir = await mkdtemp(`${tmpdir()}/pos-server-test-`)));
after(() => rm(dir, { recursive: true }));

test('a server is killed and comes back at the same address', async () => {
  const server = await start(dir);
  const { url, pid } = server;
  await server.kill();
  await assert.rejects(fetch(url));
  await server.start();
  assert.notEqual(server.pid, pid);
  assert.equal(await (await fetch(`${url}/health`)).text(), 'ok');
  await server.restart();
  await server.stop();
  assert.equal(server.pid, null);
});

test('a server that does not start says why', async () => {
  await assert.rejects(start(dir, { POS_BROKEN: '1' }), /exit code 2[^]*POS_BROKEN: no such setting/);
});
