// The environment that the stack gives to its command.

/** Addresses, folders and pids as variables; only of the parts that are there. */
export function environment({ bitcoind, shop, customer, postgres }) {
  const env = {};
  if (postgres) {
    env.TEST_POSTGRES_URL = postgres.url;
    env.POSTGRES_BIN = postgres.bin;
    env.POSTGRES_PID = String(postgres.part.pid ?? '');
  }
  if (bitcoind) {
    env.BITCOIN_RPC_URL = bitcoind.url;
    env.BITCOIN_RPC_USER = bitcoind.user;
    env.BITCOIN_RPC_PASSWORD = bitcoind.password;
    env.BITCOIN_ZMQ_BLOCK = bitcoind.zmqBlock;
    env.BITCOIN_ZMQ_TX = bitcoind.zmqTx;
    env.BITCOIN_PID = String(bitcoind.part.pid ?? '');
  }
  for (const node of [shop, customer].filter(Boolean)) {
    const name = node.name.toUpperCase();
    env[`${name}_LND_ADDRESS`] = `127.0.0.1:${node.grpcPort}`;
    env[`${name}_LND_REST`] = `https://127.0.0.1:${node.restPort}`;
    env[`${name}_LND_CERT`] = node.cert;
    env[`${name}_LND_MACAROON`] = node.macaroon;
    env[`${name}_LND_ADMIN_MACAROON`] = node.admin;
    env[`${name}_LND_DIR`] = node.dir;
    env[`${name}_LND_PUBKEY`] = node.pubkey;
    env[`${name}_LND_PID`] = String(node.part.pid ?? '');
    env[`${name}_LNDCONNECT`] = node.lndconnect;
  }
  return env;
}
