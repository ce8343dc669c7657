// One LND node on regtest, driven through its REST interface.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Part, freePort } from './part.mjs';
import { restCall } from './rest.mjs';

// What a till needs, and no more. `offchain:read` is for the channel balance.
const tillRights = ['info:read', 'invoices:read', 'invoices:write', 'offchain:read'];

export async function startLnd({ name, program, home, bitcoind }) {
  const lnd = new Lnd(name, program, `${home}/${name}-lnd`);
  await lnd.prepare(bitcoind);
  await lnd.start();
  await lnd.bakeTillMacaroon();
  lnd.pubkey = (await lnd.get('/v1/getinfo')).identity_pubkey;
  return lnd;
}

export class Lnd {
  constructor(name, program, dir) {
    const data = `${dir}/data/chain/bitcoin/regtest`;
    Object.assign(this, { name, dir, cert: `${dir}/tls.cert`, admin: `${data}/admin.macaroon`, macaroon: `${dir}/till.macaroon` });
    this.part = new Part({ name: `${name}-lnd`, program, args: [`--lnddir=${dir}`], dir });
  }

  async prepare(bitcoind) {
    await mkdir(this.dir, { recursive: true });
    this.grpcPort = await freePort();
    this.restPort = await freePort();
    this.peerPort = await freePort();
    const settings = [
      '[Application Options]',
      'noseedbackup=1',
      `alias=${this.name}`,
      `rpclisten=127.0.0.1:${this.grpcPort}`,
      `restlisten=127.0.0.1:${this.restPort}`,
      `listen=127.0.0.1:${this.peerPort}`,
      // A peer that was killed is called again at once, not after a minute.
      'minbackoff=500ms',
      'maxbackoff=1s',
      'trickledelay=50',
      'nobootstrap=1',
      '[bitcoin]',
      'bitcoin.regtest=1',
      'bitcoin.node=bitcoind',
      'bitcoin.defaultchanconfs=1',
      '[bitcoind]',
      `bitcoind.rpchost=${bitcoind.url.replace('http://', '')}`,
      `bitcoind.rpcuser=${bitcoind.user}`,
      `bitcoind.rpcpass=${bitcoind.password}`,
      `bitcoind.zmqpubrawblock=${bitcoind.zmqBlock}`,
      `bitcoind.zmqpubrawtx=${bitcoind.zmqTx}`,
      '[protocol]',
      'protocol.wumbo-channels=1',
      '[db]',
      'db.backend=sqlite',
      // LND ends itself when a check fails; a slow moment or a full disk of the machine is not the test's matter.
      '[healthcheck]',
      'healthcheck.chainbackend.attempts=0',
      'healthcheck.diskspace.attempts=0',
    ];
    await writeFile(`${this.dir}/lnd.conf`, `${settings.join('\n')}\n`);
  }

  /** Ready when it answers; its channels need some seconds more (see channelActive). */
  async start() {
    this.part.start();
    await this.part.until('answering', async () => (await this.get('/v1/getinfo')).identity_pubkey);
  }

  async bakeTillMacaroon() {
    const permissions = tillRights.map((right) => {
      const [entity, action] = right.split(':');
      return { entity, action };
    });
    const { macaroon } = await this.post('/v1/macaroon', { permissions });
    await writeFile(this.macaroon, Buffer.from(macaroon, 'hex'), { mode: 0o600 });
    const pem = await readFile(this.cert, 'utf8');
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const link = new URL(`lndconnect://127.0.0.1:${this.grpcPort}`);
    link.search = `cert=${der.toString('base64url')}&macaroon=${Buffer.from(macaroon, 'hex').toString('base64url')}`;
    this.lndconnect = link.href;
  }

  async channelActive() {
    const { channels } = await this.get('/v1/channels');
    return channels.some((channel) => channel.active);
  }

  async invoice(sat, memo = '') {
    return (await this.post('/v1/invoices', { value: String(sat), memo })).payment_request;
  }

  /** Pays, again and again for a while when there is no way yet: a channel that came up just now refuses at first. */
  async pay(bolt11, { amountSat, seconds = 30 } = {}) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const { result, error } = await this.post('/v2/router/send', {
        payment_request: bolt11,
        ...(amountSat ? { amt: String(amountSat) } : {}),
        timeout_seconds: 20,
        fee_limit_sat: '1000',
        no_inflight_updates: true,
      });
      if (error) throw new Error(`${this.name} cannot pay: ${error.message}`);
      if (result.status === 'SUCCEEDED') return { hash: result.payment_hash, preimage: result.payment_preimage, feeMsat: Number(result.fee_msat) };
      const mayPass = ['FAILURE_REASON_NO_ROUTE', 'FAILURE_REASON_INSUFFICIENT_BALANCE'].includes(result.failure_reason);
      if (!mayPass || Date.now() > end) throw new Error(`${this.name} did not pay: ${result.failure_reason}`);
      await sleep(250);
    }
  }

  get(path) {
    return this.call('GET', path);
  }

  post(path, body) {
    return this.call('POST', path, body);
  }

  call(method, path, body) {
    return restCall({ port: this.restPort, cert: this.cert, macaroon: this.admin }, method, path, body);
  }
}
