// How a test reaches into the stack that it runs in: pay, mine, kill a part, start it again.
//
// The stack answers POST requests at STACK_CONTROL (an address with a secret in it), in any language:
//   /pay?amount_sat=…       the body is the invoice; pays it as the customer
//   /mine?blocks=1
//   /kill/<part>?signal=…    /start/<part>    /restart/<part>?signal=…
// A part is bitcoind, shop-lnd, customer-lnd or postgres. Without a signal it crashes: SIGKILL, and for
// PostgreSQL its immediate shutdown, SIGQUIT; only bitcoind ends in good order. STACK_FILE always holds the pids
// of now, and an empty one of a part that does not run.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

/** Where `make stack` leaves its STACK_FILE, so that `make pay` finds it. */
export const runningFile = fileURLToPath(new URL('.running.json', import.meta.url));

/** The stack that a test runs in, or the one that `make stack` holds up. */
export function openStack(file = process.env.STACK_FILE ?? runningFile) {
  if (!existsSync(file)) throw new Error('no stack is running: start one with `make stack`');
  const read = () => JSON.parse(readFileSync(file, 'utf8'));
  const { control } = read();
  const post = async (path, body = '') => {
    const response = await fetch(control + path, { method: 'POST', body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  };
  return {
    get state() {
      return read();
    },
    pay: (bolt11, amountSat) => post(amountSat ? `/pay?amount_sat=${amountSat}` : '/pay', bolt11),
    mine: (blocks = 1) => post(`/mine?blocks=${blocks}`),
    kill: (part, signal = '') => post(`/kill/${part}?signal=${signal}`),
    start: (part) => post(`/start/${part}`),
    restart: (part, signal = '') => post(`/restart/${part}?signal=${signal}`),
  };
}

/** Kills the shop's LND and starts it again: same ports, same folder. Done when its channel is up. */
export const restartLnd = (stack, signal) => stack.restart('shop-lnd', signal);

/** Crashes PostgreSQL (SIGINT would end it in good order) and starts it again. */
export const restartPostgres = (stack, signal) => stack.restart('postgres', signal);

/** Listens for the requests above. `parts` has { start, stop(signal) } by name; `verbs` has pay and mine. */
export async function serveControl({ parts, verbs, changed }) {
  const secret = randomBytes(16).toString('hex');
  const part = (name) => parts[name] ?? fail(`no part is named ${name}; there is ${Object.keys(parts).join(', ')}`);
  const answers = {
    pay: (_, query, body) => verbs.pay(body.trim(), Number(query.get('amount_sat')) || undefined),
    mine: (_, query) => verbs.mine(Number(query.get('blocks') ?? 1)),
    kill: (name, query) => part(name).stop(query.get('signal') || undefined),
    start: (name) => part(name).start(),
    restart: async (name, query) => {
      await part(name).stop(query.get('signal') || undefined);
      await part(name).start();
    },
  };

  const server = createServer(async (request, response) => {
    const reply = (status, answer) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    try {
      const { pathname, searchParams } = new URL(request.url, 'http://stack');
      const [, given, verb, name] = pathname.split('/');
      if (request.method !== 'POST' || given !== secret || !Object.hasOwn(answers, verb)) return reply(404, { error: `no such request: ${pathname}` });
      let body = '';
      for await (const chunk of request) body += chunk;
      const answer = await answers[verb](name, searchParams, body);
      changed();
      reply(200, answer ?? {});
    } catch (error) {
      changed();
      reply(500, { error: error.message });
    }
  });
  // Up to a minute may pass until a restarted LND is usable again.
  server.requestTimeout = 0;
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  server.unref();
  return { server, url: `http://127.0.0.1:${server.address().port}/${secret}` };
}

function fail(text) {
  throw new Error(text);
}
