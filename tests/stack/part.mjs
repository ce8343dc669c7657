// One program of the stack: started, watched, stopped by its own pid, with a readable error when it fails.
import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// Two slow cores that compile Rust at the same time need long time-outs; a machine at rest never sees them.
export const patience = Number(process.env.STACK_PATIENCE ?? 120);

export const say = (text) => process.stderr.write(`stack: ${text}\n`);

/** Every part that runs now. */
export const running = new Set();

export class Part {
  /**
   * @param {object} what
   * @param {string} what.name     said in errors, and the name of the log
   * @param {string} what.program  started again with the same arguments by every start()
   * @param {string[]} what.args
   * @param {string} what.dir      where it runs and where its log is written
   * @param {object} [what.env]    added to our own environment
   * @param {string} [what.user]   another user to run as
   * @param {string} [what.crash]  the signal that ends it at once, with all its processes
   */
  constructor({ name, program, args, dir, env = {}, user, crash = 'SIGKILL' }) {
    Object.assign(this, { name, program, args, dir, env, user, crash });
    this.log = `${dir}/${name}.log`;
    this.child = null;
    this.ended = Promise.resolve();
  }

  get pid() {
    return this.child?.pid ?? null;
  }

  start() {
    if (this.child) throw new Error(`${this.name} is already running (pid ${this.pid})`);
    const log = openSync(this.log, 'a');
    const [command, ...args] = guarded(this);
    const child = spawn(command, args, {
      cwd: this.dir,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C in the terminal is ours to handle, in our order.
      detached: true,
    });
    closeSync(log);
    this.child = child;
    running.add(this);
    this.ended = new Promise((resolve) => {
      const end = (how) => {
        this.how = how;
        this.child = null;
        running.delete(this);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  /** Sends a signal and waits for the end. Without an end in time it gets its crash signal, then SIGKILL. */
  async stop(signal = this.crash, seconds = 20) {
    for (const next of [signal, this.crash, 'SIGKILL']) {
      if (!this.child) return;
      this.child.kill(next);
      const late = await Promise.race([this.ended, sleep(seconds * 1000, true, { ref: false })]);
      if (!late) return;
      say(`${this.name} did not end within ${seconds} s of ${next}`);
    }
  }

  /** Asks again until `attempt` gives something; what it throws meanwhile is the reason, should it never do. */
  async until(what, attempt, seconds = patience) {
    const end = Date.now() + seconds * 1000;
    let reason = '';
    while (Date.now() < end) {
      if (!this.child) throw this.fault(`ended (${this.how}) before it was ${what}`);
      try {
        const answer = await attempt();
        if (answer) return answer;
      } catch (error) {
        reason = `: ${error.cause?.message ?? error.message}`;
      }
      await sleep(100);
    }
    throw this.fault(`not ${what} within ${seconds} s${reason}`);
  }

  fault(text) {
    return new Error(`${this.name}: ${text}\n--- the end of ${this.log}\n${tail(this.log)}\n---`);
  }
}

/**
 * The command as it is really started. setpriv (util-linux) changes the user without a process in between, so that
 * the pid we hold is the program's own, and asks the kernel to send `crash` to the program should we be killed so
 * hard that we cannot do it ourselves.
 */
export function guarded({ program, args, user, crash }) {
  if (process.platform !== 'linux') return [program, ...args];
  const as = user ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
  return ['setpriv', ...as, '--pdeathsig', crash.replace('SIG', ''), '--', program, ...args];
}

export function tail(file, lines = 25) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

const handedOut = new Set();

/** A free port below the range that the kernel gives to outgoing connections, so that it stays free over a restart. */
export async function freePort() {
  for (;;) {
    const port = 12000 + Math.floor(Math.random() * 20000);
    if (handedOut.has(port) || !(await canListen(port))) continue;
    handedOut.add(port);
    return port;
  }
}

function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
