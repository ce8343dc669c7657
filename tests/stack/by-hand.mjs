// The command of `make stack`: says what is there, and runs the server on it until Ctrl-C.
import { execFileSync, spawn } from 'node:child_process';
import { BTCPAY_ENV, startBtcpay } from '../browser/btcpay.mjs';
import { startRates } from '../browser/rates.mjs';
import { connectLnd } from './connect.mjs';

const { env } = process;
const lncli = (name) =>
  `lncli --network=regtest --lnddir=${env[`${name}_LND_DIR`]} --rpcserver=${env[`${name}_LND_ADDRESS`]}`;

const btcpay = await startBtcpay({ pace: 1 });

console.log(`
The real parts run until Ctrl-C; their logs are in ${env.STACK_DIR}.

  PostgreSQL       ${env.TEST_POSTGRES_URL}
  bitcoind         ${env.BITCOIN_RPC_URL}  (regtest; user and password: ${env.BITCOIN_RPC_USER})
  the shop         ${lncli('SHOP')}
  the customer     ${lncli('CUSTOMER')}

  Open the addresses below: the café sells over the shop's LND. Ring up a sale, and pay its invoice as the
  customer, in another terminal:

     make pay INVOICE=lnbcrt…

  Beside it stands a BTCPay Server that is played (tests/btcpay/README.md). Pair it on the dashboard, under
  BTCPay, by this address; under Connections it changes places with the LND. Pay its code, as Copy copies
  it, in another terminal; onChain pays to the address instead:

     ${btcpay.address}
     curl -H 'content-type: application/json' ${btcpay.control}/pay -d '{"invoice":"bitcoin:…"}'
     curl -H 'content-type: application/json' ${btcpay.control}/pay -d '{"invoice":"bitcoin:…","onChain":true}'
`);

const rates = await startRates();
const serverEnv = {
  ...env,
  ...rates.env,
  ...BTCPAY_ENV,
  POS_SANDBOX: 'true',
  POS_DATABASE_URL: env.TEST_POSTGRES_URL,
  POS_DATA_DIR: `${env.STACK_DIR}/server`,
};
const server = spawn(env.POS_SERVER_BIN, { stdio: ['inherit', 'pipe', 'inherit'], env: serverEnv });
server.stdout.setEncoding('utf8');
let greeting = '';
server.stdout.on('data', async (text) => {
  process.stdout.write(text);
  greeting += text;
  const link = greeting.match(/http\S+\/sign-in\/once\/\w+/)?.[0];
  if (!link || !greeting.includes('PINs')) return;
  greeting = '';
  // The link is good once, and this uses it: the owner gets another.
  await connectLnd(link, env.SHOP_LNDCONNECT).then(
    () => console.log(`  Dashboard    ${execFileSync(env.POS_SERVER_BIN, ['sign-in-link', 'owner@example.com'], { env: serverEnv, encoding: 'utf8' }).trim()}   (use this one)`),
    (error) => console.error(error.message),
  );
});
// A signal reaches the server too: it decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
server.on('error', (error) => {
  console.error(`cannot run the server: ${error.message}`);
  process.exitCode = 1;
});
server.on('exit', (code) => {
  rates.close();
  btcpay.close();
  process.exitCode = code ?? 1;
});
