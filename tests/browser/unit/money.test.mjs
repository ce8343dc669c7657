// Amounts and the keypad: what is written, what is read, what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as keypad from '../../../pos-server/assets/js/keypad.js';
import { format, parse, percent, plain, toInput } from '../../../pos-server/assets/js/money.js';
import { countdown, count, span } from '../../../pos-server/assets/js/words.js';

const jmd = { exponent: 2, sign: 'J$', sign_first: true, group: ',', point: '.' };
const htg = { exponent: 2, sign: '\u00a0G', sign_first: false, group: '\u00a0', point: ',' };
const cop = { exponent: 2, sign: 'COL$', sign_first: true, group: '.', point: ',' };
const jpy = { exponent: 0, sign: '¥', sign_first: true, group: ',', point: '' };
const kwd = { exponent: 3, sign: 'KWD\u00a0', sign_first: true, group: ',', point: '.' };
const type = (keys, currency = jmd) => keys.split(' ').reduce((terms, key) => keypad.press(terms, key, currency), keypad.blank());

test('amounts are written as shops write them', () => {
  assert.equal(format(125000, jmd), 'J$1,250.00');
  assert.equal(format(5, jmd), 'J$0.05');
  assert.equal(format(-44500, jmd), '−J$445.00');
  assert.equal(plain(-44500, jmd), '−445.00');
  assert.equal(format(125050, htg), '1\u00a0250,50\u00a0G');
  assert.equal(format(1250000, jpy), '¥1,250,000');
  assert.equal(format(1250, kwd), 'KWD\u00a01.250');
  assert.equal(toInput(125050, htg), '1250.50');
});

test('what is typed is read, whole groups and all', () => {
  assert.deepEqual(parse('1,250.5', jmd), { minor: 125050 });
  assert.deepEqual(parse('J$ 1,250.50', jmd), { minor: 125050 });
  assert.deepEqual(parse('.5', jmd), { minor: 50 });
  assert.deepEqual(parse('5.', jmd), { minor: 500 });
  assert.deepEqual(parse('1 250,5', htg), { minor: 125050 });
  assert.deepEqual(parse('1.250,50', cop), { minor: 125050 });
  assert.deepEqual(parse('1250', jpy), { minor: 1250 });
});

test('what cannot be meant is refused in words, never guessed', () => {
  for (const text of ['', '.', 'abc', '1e9', '1.2.3', '12,50', '1,25', ',250', '1,,250', '0x10']) {
    assert.equal(parse(text, jmd).wrong, 'That is not an amount.', text);
  }
  assert.equal(parse('1.5', cop).wrong, 'That is not an amount.');
  assert.equal(parse('-1', jmd).wrong, 'An amount cannot be negative.');
  assert.equal(parse('−1', jmd).wrong, 'An amount cannot be negative.');
  assert.equal(parse('1.005', jmd).wrong, 'No more than 2 decimals, please.');
  assert.equal(parse('1.5', jpy).wrong, 'Whole amounts only, please.');
  assert.equal(parse('99999999999999999999', jmd).wrong, 'This amount is too large.');
});

test('writing and reading back changes nothing', () => {
  for (let round = 0; round < 2000; round += 1) {
    const minor = Math.floor(Math.random() * 10 ** (round % 14));
    for (const currency of [jmd, htg, cop, jpy, kwd]) assert.deepEqual(parse(format(minor, currency), currency), { minor });
  }
});

test('the keypad adds up as it is typed', () => {
  assert.equal(keypad.sum(type('3 5 0 + 4 5 0'), jmd), 80000);
  assert.equal(keypad.working(type('3 5 0 + 4 5 0'), jmd), '350 + 450');
  assert.equal(keypad.working(type('3 5 0'), jmd), '');
  assert.equal(keypad.sum(type('1 . 5'), jmd), 150);
  assert.equal(keypad.sum(type('1 . 5 0 5'), jmd), 150, 'a third decimal is not taken');
  assert.equal(keypad.sum(type('. 5'), jmd), 50);
  assert.equal(keypad.sum(type('0 0 5'), jmd), 500);
  assert.equal(keypad.sum(type('00 5 00'), jmd), 50000);
  assert.equal(keypad.sum(type('1 . 5', jpy), jpy), 15, 'no decimals in yen');
  assert.equal(keypad.working(type('1 . 5', htg), htg), '1,5');
});

test('erasing goes back term by term, and plus needs something before it', () => {
  assert.deepEqual(type('3 + erase'), ['3']);
  assert.deepEqual(type('3 + 4 erase erase erase'), ['']);
  assert.deepEqual(type('erase'), ['']);
  assert.deepEqual(type('+ 3 + +'), ['3', '']);
});

test('percents, spans, counts', () => {
  assert.deepEqual([1500, 1250, 1].map(percent), ['15%', '12.5%', '0.01%']);
  assert.deepEqual([0, 1000, 59999, 60000, 660000, 7200000, 172800000].map(span), ['0 seconds', '1 second', '59 seconds', '1 minute', '11 minutes', '2 hours', '2 days']);
  assert.deepEqual([438000, 1, 0, -5].map(countdown), ['7:18', '0:01', '0:00', '0:00']);
  assert.deepEqual([count(1, 'item'), count(6, 'item')], ['1 item', '6 items']);
});
