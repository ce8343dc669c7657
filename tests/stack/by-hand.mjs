// The command of `make stack`: says what is there, and runs the server on it until Ctrl-C.
import { spawn } from 'node:child_process';

const { env } = process;
const lncli = (name) =>
  `lncli --network=regtest --lnddir=${env[`${name}_LND_DIR`]} --rpcserver=${env[`${name}_LND_ADDRESS`]}`;

console.log(`
The real parts run until Ctrl-C; their logs are in ${env.STACK_DIR}.

  PostgreSQL       ${env.TEST_POSTGRES_URL}
  bitcoind         ${env.BITCOIN_RPC_URL}  (regtest; user and password: ${env.BITCOIN_RPC_USER})
  the shop         ${lncli('SHOP')}
  the customer     ${lncli('CUSTOMER')}

  1. Open the address below and sign in as it says.
  2. In the dashboard connect Lightning with this link:

${env.SHOP_LNDCONNECT}

  3. Ring up a sale, and pay its invoice as the customer, in another terminal:

     make pay INVOICE=lnbcrt…
`);

const server = spawn(env.POS_SERVER_BIN, {
  stdio: 'inherit',
  env: { ...env, POS_DATABASE_URL: env.TEST_POSTGRES_URL, POS_DATA_DIR: `${env.STACK_DIR}/server` },
});
// A signal reaches the server too: it decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
server.on('error', (error) => {
  console.error(`cannot run the server: ${error.message}`);
  process.exitCode = 1;
});
server.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
