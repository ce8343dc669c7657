// One call of LND's REST interface, with nothing but Node.
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';

/**
 * @param {object} node  `port`, and the paths of `cert` (tls.cert) and `macaroon`
 * @returns the last line of the answer: a streamed answer is one JSON text a line
 */
export async function restCall({ port, cert, macaroon }, method, path, body) {
  const [ca, rights] = await Promise.all([readFile(cert), readFile(macaroon, 'hex')]);
  const options = { host: '127.0.0.1', port, method, path, ca, agent: false, timeout: 60_000 };
  const text = await new Promise((resolve, reject) => {
    const call = request({ ...options, headers: { 'Grpc-Metadata-macaroon': rights } }, (response) => {
      let received = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (received += chunk));
      response.on('end', () => resolve(received));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.on('timeout', () => call.destroy(new Error('no answer within a minute')));
    call.end(body && JSON.stringify(body));
  });
  const answer = JSON.parse(text.trim().split('\n').at(-1));
  if (answer.code && answer.message) throw new Error(`LND ${path}: ${answer.message}`);
  return answer;
}

/** The node that the stack's environment calls SHOP or CUSTOMER; with the till's rights unless told otherwise. */
export function nodeOf(env, name, macaroon = env[`${name}_LND_MACAROON`]) {
  return { port: new URL(env[`${name}_LND_REST`]).port, cert: env[`${name}_LND_CERT`], macaroon };
}
