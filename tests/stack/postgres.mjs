// A private PostgreSQL cluster: its own folder, port and socket. A cluster of the system is never touched.
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Part, freePort, guarded } from './part.mjs';
import { setup } from './setup.mjs';

const run = promisify(execFile);

export async function startPostgres(home) {
  const [bin] = await setup('postgres');
  const postgres = new Postgres(bin, `${home}/postgres`);
  await postgres.prepare();
  await postgres.start();
  return postgres;
}

class Postgres {
  constructor(bin, dir) {
    Object.assign(this, { bin, dir, data: `${dir}/data` });
    // PostgreSQL refuses to run as root.
    this.user = process.getuid() === 0 ? 'postgres' : undefined;
  }

  async prepare() {
    await mkdir(this.dir, { recursive: true });
    if (this.user) {
      const [uid, gid] = await Promise.all(['-u', '-g'].map(async (which) => Number((await run('id', [which, this.user])).stdout)));
      await chown(this.dir, uid, gid);
    }
    await chmod(this.dir, 0o700);
    const args = ['-D', this.data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
    const [program, ...rest] = guarded({ program: `${this.bin}/initdb`, args, user: this.user, crash: 'SIGKILL' });
    await run(program, rest, { cwd: this.dir });

    this.port = await freePort();
    this.url = `postgres://postgres@127.0.0.1:${this.port}/postgres`;
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.dir,
      // Every test has a pool of its own.
      max_connections: 400,
      // As in production: what the bench counts are durable commits.
      fsync: 'on',
      synchronous_commit: 'on',
    };
    this.part = new Part({
      name: 'postgres',
      program: `${this.bin}/postgres`,
      args: ['-D', this.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      dir: this.dir,
      user: this.user,
      // Immediate shutdown: a crash as far as the data goes (no checkpoint, recovery at the next start). SIGKILL
      // would leave the sessions' processes behind, and the next start refuses while one of them lives.
      crash: 'SIGQUIT',
    });
  }

  async start() {
    this.part.start();
    await this.part.until('ready', () => this.ready());
  }

  /** As pg_ctl sees it: the first line of its pid file is its pid, the eighth its state. */
  async ready() {
    const lines = (await readFile(`${this.data}/postmaster.pid`, 'utf8')).split('\n');
    return Number(lines[0]) === this.part.pid && lines[7]?.trim() === 'ready';
  }
}
