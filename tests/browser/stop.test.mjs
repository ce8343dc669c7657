// A server that is told to stop finishes what is in hand, and then ends well.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openServer } from './shop.mjs';

const FORM = 'email=owner%40example.com&password=none';

test('a request that is still arriving when SIGTERM comes is answered', { timeout: 60_000 }, async () => {
  const shop = await openServer();
  try {
    const socket = connect(shop.server.port, '127.0.0.1').setEncoding('utf8');
    let answer = '';
    socket.on('data', (text) => (answer += text));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    const kind = 'Content-Type: application/x-www-form-urlencoded';
    socket.write(`POST /sign-in HTTP/1.1\r\nHost: ${new URL(shop.url).host}\r\n${kind}\r\nContent-Length: ${FORM.length}\r\n\r\n`);
    socket.write(FORM.slice(0, 9));
    await sleep(300);
    const stopped = shop.server.stop();
    const { part } = shop.server;
    await part.until('stopping', () => readFileSync(shop.server.log, 'utf8').includes('finishing what is in hand'));
    await sleep(300);
    assert.equal(answer, '');
    socket.write(FORM.slice(9));
    await Promise.all([ended, stopped]);
    assert.match(answer, /^HTTP\/1\.1 403 [\s\S]*<\/html>\s*$/);
    assert.equal(part.how, 'exit code 0');
  } finally {
    await shop.close();
  }
});
