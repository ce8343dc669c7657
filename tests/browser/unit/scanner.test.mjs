// A scanner is told from a hand by its speed; a lost answer is asked for with the same key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, keyFor, uuid } from '../../../pos-server/assets/js/keys.js';
import { scanner } from '../../../pos-server/assets/js/scanner.js';

function typed(keys, gap) {
  const found = [];
  let swallowed = false;
  const handle = scanner({ begin() {}, scanned: (code) => found.push(code) });
  [...keys, 'Enter'].forEach((key, at) => handle({ key, timeStamp: at * gap, preventDefault() { swallowed = true; }, stopImmediatePropagation() {} }));
  return { found, swallowed };
}

test('a burst that ends with Enter is a scan, long or short', () => {
  assert.deepEqual(typed('0796520001234', 12), { found: ['0796520001234'], swallowed: true });
  assert.deepEqual(typed('1001', 12), { found: ['1001'], swallowed: true });
});

test('a hand is never a scan, nor are two keys at once, nor is a sum', () => {
  assert.deepEqual(typed('0796520001234', 140).found, []);
  assert.deepEqual(typed('50', 12), { found: [], swallowed: false });
  assert.deepEqual(typed('350+450.50', 12).found, []);
  assert.deepEqual(typed('', 12), { found: [], swallowed: false });
});

test('the key stays while its answer is open and the question is the same', () => {
  const kept = new Map();
  const storage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value), removeItem: (name) => kept.delete(name) };
  const key = keyFor('/cash', 'received=100', storage);
  assert.equal(keyFor('/cash', 'received=100', storage), key);
  assert.notEqual(keyFor('/cash', 'received=200', storage), key);
  const next = keyFor('/cash', 'received=200', storage);
  answered('/cash', storage);
  assert.notEqual(keyFor('/cash', 'received=200', storage), next);
});

test('a key is a random UUID, with or without a secure context', () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(uuid(), shape);
  const own = Object.getOwnPropertyDescriptor(crypto, 'randomUUID');
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
  assert.match(uuid(), shape);
  delete crypto.randomUUID;
  if (own) Object.defineProperty(crypto, 'randomUUID', own);
});
