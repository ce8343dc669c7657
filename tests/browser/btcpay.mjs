// A BTCPay Server for a browser test: the stand-in (tests/btcpay), and what its owner and its payers do
// there. It holds every request against BTCPay's own document; `faults` are those that did not fit.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(dirname(process.env.POS_SERVER_BIN ?? 'target/debug/pos-server'), 'btcpay-stand-in');
/** What a bitcoin costs by the stand-ins of rates.mjs, so that both prices agree. */
const RATE = 12_330_000;
/** What the server is told: plain HTTP to the stand-in, and a look at all invoices every two seconds. */
export const BTCPAY_ENV = { POS_BTCPAY_LOCAL: 'true', POS_BTCPAY_ROUND_SECONDS: '2' };

/** Starts one. `listen` is an address with a port, any by default. */
export async function startBtcpay({ listen = '127.0.0.1:0', rate = RATE, pace = 0.1 } = {}) {
  const args = ['--listen', listen, '--rate', String(rate), '--webhook-pace', String(pace)];
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', (error) => reject(new Error(`cannot run ${PROGRAM}: ${error.message}`)));
    child.once('exit', (code) => reject(new Error(`${PROGRAM} ended with ${code}`)));
  });
  return new Btcpay(child, JSON.parse(said));
}

class Btcpay {
  constructor(child, said) {
    Object.assign(this, said, { child });
    // Another site than the shop's, as in life: a browser sends no cookie along from there.
    this.address = said.url.replace('127.0.0.1', 'localhost');
  }

  async ask(path, body, method = body ? 'POST' : 'GET') {
    const options = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
    const response = await fetch(`${this.control}${path}`, { method, ...options });
    const answer = await response.json();
    if (!response.ok) throw new Error(`the stand-in refused ${path}: ${answer.error}`);
    return answer;
  }

  /** Pays what a code says, by Lightning; in part by `{ percent: 50 }`, on the chain by `{ onChain: true }`. */
  pay(code, how = {}) {
    const { bolt11, address } = read(code);
    return this.ask('/pay', { invoice: how.onChain ? address : (bolt11 ?? address), ...how });
  }

  confirm = (payment, confirmations = 1) => this.ask('/confirm', { payment, confirmations });
  doubleSpend = (payment) => this.ask('/double-spend', { payment });
  /** Marks an invoice `Settled` or `Invalid`, as the owner does at BTCPay. */
  mark = (code, status) => this.ask('/mark', { invoice: read(code).bolt11, status });
  invoice = (code) => this.ask(`/invoices/${read(code).bolt11}`);
  invoices = () => this.ask('/invoices');
  /** Moves its clock: what it makes and gets from then on is so many seconds off. */
  clock = (advance) => this.ask('/clock', { advance });
  down = (down) => this.ask('/server', { down });
  synced = (synced) => this.ask('/server', { synced });
  /** Changes the first store: `{ lightning: 'unreachable' }`, `{ chain: false }`. */
  store = (change) => this.ask('/store', change);
  addStore = (store) => this.ask('/stores', store);
  fail = (path, fault, times) => this.ask('/fail', { path, fault, times });
  heal = () => this.ask('/fail', undefined, 'DELETE');
  hooks = (switches) => this.ask('/webhooks', switches);
  key = async (...permissions) => (await this.ask('/keys', { permissions })).apiKey;
  revoke = (apiKey) => this.ask('/keys/revoke', apiKey ? { apiKey } : {});
  faults = () => this.ask('/faults');
  requests = () => this.ask('/requests');

  /** The webhooks that a store has, as the owner sees them. */
  async webhooks(store = this.storeId) {
    const headers = { authorization: `token ${await this.key('unrestricted')}` };
    const response = await fetch(`${this.url}/api/v1/stores/${store}/webhooks`, { headers });
    return response.json();
  }

  close() {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGTERM');
  }
}

/** What a wallet finds in a code: BIP 21 with Lightning beside the address, or a bare BOLT11. */
export function read(code) {
  const link = /^bitcoin:([^?]+)\?(.*)$/i.exec(code);
  if (!link) return { bolt11: code.toLowerCase().replace(/^lightning:/, '') };
  const said = new URLSearchParams(link[2]);
  return { address: link[1].toLowerCase(), amount: said.get('amount'), bolt11: said.get('lightning')?.toLowerCase() };
}

/** Types the address of a BTCPay and goes to its consent page. */
export async function goToConsent(page, address) {
  await page.goto(`${page.home}/btcpay`);
  const another = page.getByText('Pair another');
  if (await another.count()) await another.click();
  await page.fill('#f-server', address);
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await page.click('#consent-go');
  await page.waitForURL('**/api-keys/authorize**');
}

/** Approves there, comes back, and sells through it from now on. */
export async function pairBtcpay(page, address) {
  await goToConsent(page, address);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('button', { name: 'Sell through it' }).click();
  await page.waitForURL('**/btcpay?done=connected');
}

/** Pastes a key that was made by hand. Answers what was found, or why nothing was. */
export async function pasteKey(page, { address, key, store = '' }) {
  await page.goto(`${page.home}/btcpay`);
  await page.getByText('Or paste a key').click();
  await page.fill('#f-address', address);
  await page.fill('#f-store', store);
  await page.fill('#f-key', key);
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.locator('.findings, [role="alert"], .fault').first().waitFor();
  return page.locator('.findings li, main [role="alert"], .fault').allTextContents();
}
