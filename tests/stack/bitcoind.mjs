// bitcoind on regtest, with a wallet that mines.
import { mkdir, writeFile } from 'node:fs/promises';
import { Part, freePort } from './part.mjs';
import { setup } from './setup.mjs';

export async function startBitcoind(home) {
  const [program] = await setup('bitcoind');
  const bitcoind = new Bitcoind(program, `${home}/bitcoind`);
  await bitcoind.prepare();
  await bitcoind.start();
  await bitcoind.rpc('createwallet', ['miner']);
  // A first coin is spendable 100 blocks later.
  await bitcoind.mine(101);
  return bitcoind;
}

class Bitcoind {
  user = 'stack';
  password = 'stack';

  constructor(program, dir) {
    this.dir = dir;
    // `-conf` is relative to the data folder.
    this.part = new Part({ name: 'bitcoind', program, args: [`-datadir=${dir}`, '-conf=bitcoin.conf'], dir });
  }

  async prepare() {
    await mkdir(this.dir, { recursive: true });
    this.port = await freePort();
    this.zmqBlock = `tcp://127.0.0.1:${await freePort()}`;
    this.zmqTx = `tcp://127.0.0.1:${await freePort()}`;
    this.url = `http://127.0.0.1:${this.port}`;
    const settings = [
      'regtest=1',
      'server=1',
      'txindex=1',
      'fallbackfee=0.0002',
      'dnsseed=0',
      'natpmp=0',
      'listenonion=0',
      'dbcache=32',
      `rpcuser=${this.user}`,
      `rpcpassword=${this.password}`,
      `zmqpubrawblock=${this.zmqBlock}`,
      `zmqpubrawtx=${this.zmqTx}`,
      '[regtest]',
      `rpcport=${this.port}`,
      `bind=127.0.0.1:${await freePort()}`,
    ];
    await writeFile(`${this.dir}/bitcoin.conf`, `${settings.join('\n')}\n`);
  }

  async start() {
    this.part.start();
    await this.part.until('answering', () => this.rpc('getblockchaininfo'));
    if (!(await this.rpc('listwallets')).length && (await this.rpc('listwalletdir')).wallets.length) {
      await this.rpc('loadwallet', ['miner']);
    }
  }

  async rpc(method, params = []) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${this.user}:${this.password}`)}` },
      body: JSON.stringify({ jsonrpc: '1.0', id: method, method, params }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.status === 401) throw new Error('bitcoind refuses our password');
    const { result, error } = await response.json();
    if (error) throw new Error(`bitcoind ${method}: ${error.message}`);
    return result ?? true;
  }

  async mine(blocks = 1) {
    return this.rpc('generatetoaddress', [blocks, await this.rpc('getnewaddress')]);
  }
}
