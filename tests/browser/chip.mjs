// An NTAG 424 DNA in software, for a browser that has none: keys and counter as the chip holds them,
// a new link at each tap (NXP AN12196). And a scripted NDEFReader to hold it to.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const SV2 = Buffer.from('3cc300010080', 'hex');

function aes(key, block) {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

/** One bit to the left in GF(2^128), as RFC 4493 makes its subkeys. */
function doubled(block) {
  const out = Buffer.alloc(16);
  for (let at = 0; at < 16; at += 1) out[at] = (block[at] << 1) | ((block[at + 1] ?? 0) >> 7);
  if (block[0] & 0x80) out[15] ^= 0x87;
  return out;
}

/** AES-CMAC (RFC 4493). */
export function cmac(key, message) {
  const k1 = doubled(aes(key, Buffer.alloc(16)));
  const whole = message.length > 0 && message.length % 16 === 0;
  const last = Buffer.alloc(16);
  const head = Math.max(0, Math.ceil(message.length / 16) - 1) * 16;
  message.copy(last, 0, head);
  if (!whole) last[message.length - head] = 0x80;
  const end = whole ? k1 : doubled(k1);
  const xor = (one, other) => Buffer.from(one.map((byte, at) => byte ^ other[at]));
  let state = Buffer.alloc(16);
  for (let at = 0; at < head; at += 16) state = aes(key, xor(state, message.subarray(at, at + 16)));
  return aes(key, xor(state, xor(last, end)));
}

/** A chip, blank until an app wrote onto it. */
export class Chip {
  uid = Buffer.concat([Buffer.from([4]), randomBytes(6)]);
  counter = 0;

  /** Does what a Bolt Card app does with the link that the owner's page shows. */
  async program(link) {
    const url = new URL(link).searchParams.get('url');
    const body = JSON.stringify({ UID: this.uid.toString('hex').toUpperCase() });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const written = await answer.json();
    if (answer.ok) Object.assign(this, { link: written.LNURLW, k1: Buffer.from(written.K1, 'hex'), k2: Buffer.from(written.K2, 'hex') });
    return { status: answer.status, reason: written.reason };
  }

  /** Does what such an app does with the link that wipes a card; answers the keys that it was told. */
  async reset(link) {
    const url = new URL(link).searchParams.get('url');
    const body = JSON.stringify({ LNURLW: this.tap() });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return answer.json();
  }

  /** Held to a reader: the counter goes up, and the link is new. */
  tap() {
    this.counter += 1;
    const counter = Buffer.from([this.counter & 255, (this.counter >> 8) & 255, this.counter >> 16]);
    const p = aes(this.k1, Buffer.concat([Buffer.from([0xc7]), this.uid, counter, randomBytes(5)]));
    const whole = cmac(cmac(this.k2, Buffer.concat([SV2, this.uid, counter])), Buffer.alloc(0));
    const c = Buffer.from(whole.filter((_, at) => at % 2 === 1));
    return `${this.link}?p=${p.toString('hex').toUpperCase()}&c=${c.toString('hex').toUpperCase()}`;
  }

  /** The serial number that a link hides, as whoever has K1 reads it. */
  read(link) {
    const decipher = createDecipheriv('aes-128-ecb', this.k1, null).setAutoPadding(false);
    return decipher.update(Buffer.from(new URL(link).searchParams.get('p'), 'hex')).subarray(1, 8);
  }
}

/** Gives a page a reader of cards, allowed or still to be asked for; `hold(page, link)` holds a card to it. */
export function withReader(page, { granted = true } = {}) {
  return page.addInitScript((state) => {
    window.NDEFReader = class extends EventTarget {
      async scan() {
        window.reader = this;
      }
    };
    const query = navigator.permissions.query.bind(navigator.permissions);
    navigator.permissions.query = (what) => (what.name === 'nfc' ? Promise.resolve({ state }) : query(what));
  }, granted ? 'granted' : 'prompt');
}

/** Holds a card to the tablet. */
export async function hold(page, link) {
  await page.waitForFunction(() => window.reader);
  await page.evaluate((text) => {
    const record = { recordType: 'url', data: new DataView(new TextEncoder().encode(text).buffer) };
    const reading = Object.assign(new Event('reading'), { message: { records: [record] } });
    window.reader.dispatchEvent(reading);
  }, link);
}
