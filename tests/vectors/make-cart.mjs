// Writes cart.json: carts and what they come to, worked out with exact fractions and sharing no code
// with the server or the page. `node make-cart.mjs > cart.json`; the same numbers every time.
let seed = 20261121n;
const random = (most) => { seed = (seed * 6364136223846793005n + 1442695040888963407n) % (1n << 64n); return Number((seed >> 33n) % BigInt(most + 1)); };
const pick = (list) => list[random(list.length - 1)];

// The nearest whole to top / bottom, a half going up: the whole part, and one more if the rest is at least half.
const nearest = (top, bottom) => top / bottom + (2n * (top % bottom) >= bottom ? 1n : 0n);

function work({ lines, discount, tip }) {
  const gross = lines.map((line) => BigInt(line.unit) * BigInt(line.quantity));
  const whole = gross.reduce((a, b) => a + b, 0n);
  const off = !discount ? 0n : 'percent_bp' in discount ? nearest(whole * BigInt(discount.percent_bp), 10000n)
    : BigInt(discount.amount) < whole ? BigInt(discount.amount) : whole;
  const cut = (upTo) => (whole ? (gross.slice(0, upTo).reduce((a, b) => a + b, 0n) * off) / whole : 0n);
  const nets = gross.map((amount, i) => amount - cut(i + 1) + cut(i));
  const names = [...new Set(lines.map((line) => `${line.bp}/${line.inclusive}`))];
  const taxes = names.map((name) => {
    const members = lines.map((line, i) => [line, nets[i]]).filter(([line]) => `${line.bp}/${line.inclusive}` === name);
    const { bp, inclusive } = members[0][0];
    const net = members.reduce((sum, [, amount]) => sum + amount, 0n);
    return { bp, inclusive, net, tax: nearest(net * BigInt(bp), inclusive ? BigInt(10000 + bp) : 10000n) };
  });
  const bill = taxes.reduce((sum, { inclusive, net, tax }) => sum + net + (inclusive ? 0n : tax), 0n);
  const tipped = !tip ? 0n : 'bp' in tip ? nearest(bill * BigInt(tip.bp), 10000n) : BigInt(tip.amount);
  return { gross: whole, discount: off, nets, taxes, bill, tip: tipped, total: bill + tipped };
}

const line = (unit, quantity = 1, bp = 1500, inclusive = true) => ({ unit, quantity, bp, inclusive });
const percent = (percent_bp) => ({ percent_bp });
const amount = (value) => ({ amount: value });
const cases = [
  ['the sale of the picture', [line(75000, 2), line(145000), line(20000, 2), line(110000)], percent(1000), { bp: 1000 }],
  ['one cent', [line(1)], null, null],
  ['one cent, tax on top', [line(1, 1, 1500, false)], null, null],
  ['half a cent of tax goes up', [line(10, 1, 500, false)], null, null],
  ['just under half a cent of tax goes down', [line(9, 1, 500, false)], null, null],
  ['half a cent of discount goes up', [line(5)], percent(1000), null],
  ['half a cent of tip goes up', [line(50)], null, { bp: 1100 }],
  ['three alike share a cent', [line(100), line(100), line(100)], amount(1), null],
  ['three alike share two cents', [line(100), line(100), line(100)], amount(2), null],
  ['seven alike share a hundred', Array.from({ length: 7 }, () => line(333)), amount(100), null],
  ['a discount larger than the sale', [line(500), line(250)], amount(100000), null],
  ['all of it off', [line(12345, 3)], percent(10000), null],
  ['nothing off by percent', [line(12345, 3)], percent(0), null],
  ['nothing off by amount', [line(12345, 3)], amount(0), null],
  ['an odd percent', [line(99999, 7)], percent(1234), { bp: 1850 }],
  ['a hundredth of a percent', [line(99999, 7)], percent(1), null],
  ['free items among others', [line(0, 3), line(1000)], percent(3333), null],
  ['tax on top and tax inside', [line(10000, 1, 1500, false), line(10000, 1, 1500, true)], null, { bp: 1000 }],
  ['tax on top, inside, and none', [line(10000, 1, 1500, false), line(10000, 1, 1500), line(10000, 1, 0)], percent(1000), null],
  ['the same rate twice, on top, adds up first', [line(3, 1, 1000, false), line(2, 1, 1000, false)], null, null],
  ['many rates', [line(4999, 2, 700), line(4999, 2, 1250), line(4999, 2, 1500), line(4999, 2, 1750, false), line(4999, 2, 0, false)], amount(1000), { bp: 1250 }],
  ['a tax of a hundred percent', [line(101, 1, 10000), line(101, 1, 10000, false)], null, null],
  ['a tip by amount', [line(75000)], null, amount(12345)],
  ['a tip on a bill with tax on top', [line(75000, 1, 1500, false)], null, { bp: 1500 }],
  ['yen', [line(480, 3, 1000), line(1200, 1, 800)], percent(500), null],
  ['dinars of three decimals', [line(1250, 3, 500, false)], amount(125), { bp: 1000 }],
  ['the most of one thing', [line(1, 9999)], percent(5000), null],
  ['a very large sale', [line(99999999999), line(1)], percent(3333), { bp: 1999 }],
  ['a very large amount off', [line(50000000000), line(49999999999, 1, 1500, false)], amount(33333333333), null],
  ['a discount of all but a cent', [line(777, 3), line(13)], amount(777 * 3 + 12), { bp: 2500 }],
].map(([what, lines, discount, tip]) => ({ what, lines, discount, tip }));

while (cases.length < 80) {
  const lines = Array.from({ length: 1 + random(9) }, () => line(1 + random(pick([99, 5000, 250000])), 1 + random(6), pick([0, 500, 825, 1250, 1500, 1650]), random(3) > 0));
  const sum = lines.reduce((total, { unit, quantity }) => total + unit * quantity, 0);
  const discount = pick([null, percent(random(10000)), amount(random(sum))]);
  cases.push({ what: `random ${cases.length}`, lines, discount, tip: pick([null, { bp: random(3000) }, amount(random(sum))]) });
}

const text = (value) => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
console.log(`[\n${cases.map((one) => text({ ...one, want: work(one) })).join(',\n')}\n]`);
