#!/usr/bin/env node
// Pays an invoice as the customer: node tests/stack/pay.mjs <bolt11> [sats, for an invoice without an amount]
import { openStack } from './control.mjs';

const [given, amountSat] = process.argv.slice(2);
if (!given) {
  console.error('usage: node tests/stack/pay.mjs <bolt11> [sats]');
  process.exit(2);
}
// As it stands in a QR code: uppercase, perhaps with the scheme.
const bolt11 = given.toLowerCase().replace(/^lightning:/, '');

try {
  const { hash, preimage, feeMsat } = await openStack().pay(bolt11, amountSat);
  console.log(`paid\nhash     ${hash}\npreimage ${preimage}\nfee      ${feeMsat} msat`);
} catch (error) {
  console.error(`not paid: ${error.message}`);
  process.exitCode = 1;
}
