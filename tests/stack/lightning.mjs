// Two LND nodes, the shop and its customer, with a channel that pays both ways.
import { say } from './part.mjs';
import { setup } from './setup.mjs';
import { startLnd } from './lnd.mjs';

const channelSat = 100_000_000;

export async function startLightning(home, bitcoind) {
  const [program] = await setup('lnd');
  const [shop, customer] = await Promise.all(
    ['shop', 'customer'].map((name) => startLnd({ name, program, home, bitcoind })),
  );
  say('both LNDs answer; opening a channel');

  // Both get coins: whoever has an anchor channel must hold a reserve on chain.
  for (const node of [shop, customer]) {
    const { address } = await node.get('/v1/newaddress?type=WITNESS_PUBKEY_HASH');
    await bitcoind.rpc('sendtoaddress', [address, 3]);
  }
  // This block confirms the coins, and only after a new block do the nodes say that they are synced.
  await bitcoind.mine(1);
  for (const node of [shop, customer]) await funded(node);

  await connect(customer, shop, true);
  await customer.part.until('opening a channel', () =>
    customer.post('/v1/channels', {
      node_pubkey: Buffer.from(shop.pubkey, 'hex').toString('base64'),
      local_funding_amount: String(channelSat),
      push_sat: String(channelSat / 2),
    }),
  );
  await bitcoind.mine(6);
  await usable(shop, customer);

  // Only a payment proves that payments pass.
  await customer.pay(await shop.invoice(1000, 'probe'), { seconds: 60 });
  await shop.pay(await customer.invoice(1000, 'probe'), { seconds: 60 });
  return { shop, customer };
}

async function funded(node) {
  await node.part.until('synced and funded', async () => {
    const [{ synced_to_chain: synced }, { confirmed_balance: balance }] = await Promise.all([
      node.get('/v1/getinfo'),
      node.get('/v1/balance/blockchain'),
    ]);
    return synced && Number(balance) > 0;
  });
}

/**
 * The channel is up on both sides. The customer calls the shop again and again: LND does so too, but it gives up
 * for good on a peer that was killed in the moment it had just come back.
 */
export async function usable(shop, customer) {
  await customer.part.until('in an active channel', async () => {
    const active = await Promise.all([shop.channelActive(), customer.channelActive()]);
    if (active.every(Boolean)) return true;
    await connect(customer, shop, false).catch(() => {});
    return false;
  });
}

const connect = (customer, shop, perm) =>
  customer.post('/v1/peers', { addr: { pubkey: shop.pubkey, host: `127.0.0.1:${shop.peerPort}` }, perm, timeout: '5' });
