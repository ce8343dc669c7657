// The server under test: started from its binary, waited for, killed, started again on the same port.
import { Part, freePort } from './part.mjs';

/**
 * @param {object} what
 * @param {string} what.dir       an existing folder for its log
 * @param {object} [what.env]     the POS_… variables
 * @param {string[]} [what.args]
 * @param {string} [what.binary]
 * @param {number} [what.port]    a free one when not given
 * @param {string} [what.name]    of the log file: two servers in one folder want two names
 */
export async function startServer({ dir, env = {}, args = [], binary = process.env.POS_SERVER_BIN, port, name = 'pos-server' }) {
  if (!binary) throw new Error('which server? Set POS_SERVER_BIN to the built pos-server');
  const server = new Server({ dir, env, args, binary, name, port: port ?? (await freePort()) });
  await server.start();
  return server;
}

class Server {
  constructor({ dir, env, args, binary, name, port }) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.part = new Part({ name, program: binary, args, dir, env: { ...env, POS_LISTEN: `127.0.0.1:${port}` } });
  }

  get pid() {
    return this.part.pid;
  }

  get log() {
    return this.part.log;
  }

  async start() {
    this.part.start();
    await this.part.until('healthy', async () => (await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(5000) })).ok);
  }

  /** SIGKILL: nothing in hand is finished. */
  async kill() {
    await this.part.stop('SIGKILL');
  }

  /** SIGTERM: what is in hand is finished. */
  async stop() {
    await this.part.stop('SIGTERM');
  }

  async restart(signal = 'SIGTERM') {
    await this.part.stop(signal);
    await this.start();
  }
}
