// The arithmetic of a cart, the same as the server's `domain/cart.rs`: whole minor units, BigInt
// inside. Nothing here touches the page.
//
// A cart is { lines: [{ item, name, unit, quantity, note }], discount, name }, its discount null,
// { percent_bp } or { amount }. `taxOf(line)` answers { bp, inclusive }.

/** n / d to the nearest whole, halves up, for numbers that are not negative. */
export function halfUp(n, d) {
  return (2n * n + d) / (2n * d);
}

/** Shares `discount` out over `grosses` by running sums, so that the shares add up exactly. */
export function allocate(grosses, discount) {
  const sum = grosses.reduce((total, gross) => total + gross, 0n);
  let before = 0n;
  let running = 0n;
  return grosses.map((gross) => {
    running += gross;
    const upTo = sum === 0n ? 0n : (running * discount) / sum;
    const share = upTo - before;
    before = upTo;
    return share;
  });
}

function discountOf(discount, sum) {
  if (!discount) return 0n;
  if (discount.percent_bp !== undefined) return halfUp(sum * BigInt(discount.percent_bp), 10000n);
  const amount = BigInt(discount.amount);
  return amount < sum ? amount : sum;
}

/** What the cart comes to before a tip. Amounts are plain numbers of minor units. */
export function price(cart, taxOf) {
  const grosses = cart.lines.map((line) => BigInt(line.unit) * BigInt(line.quantity));
  const sum = grosses.reduce((total, gross) => total + gross, 0n);
  const discount = discountOf(cart.discount, sum);
  const shares = allocate(grosses, discount);
  const classes = new Map();
  cart.lines.forEach((line, index) => {
    const { bp, inclusive } = taxOf(line);
    const name = `${bp} ${inclusive}`;
    const known = classes.get(name) ?? { bp, inclusive, net: 0n };
    known.net += grosses[index] - shares[index];
    classes.set(name, known);
  });
  let bill = 0n;
  const taxes = [...classes.values()].map(({ bp, inclusive, net }) => {
    const rate = BigInt(bp);
    const tax = halfUp(net * rate, inclusive ? 10000n + rate : 10000n);
    bill += inclusive ? net : net + tax;
    return { bp, inclusive, net: Number(net), tax: Number(tax) };
  });
  return {
    gross: Number(sum),
    discount: Number(discount),
    nets: grosses.map((gross, index) => Number(gross - shares[index])),
    taxes,
    bill: Number(bill),
    count: cart.lines.reduce((count, line) => count + line.quantity, 0),
  };
}

/** A tip by percent of the bill, after tax. */
export function tip(bill, bp) {
  return Number(halfUp(BigInt(bill) * BigInt(bp), 10000n));
}

/** A cart with nothing in it. */
export function empty() {
  return { lines: [], discount: null, name: '' };
}

/** Adds one of an item to its line without a note, or as a new line; answers the line. */
export function addItem(cart, item) {
  const same = cart.lines.find((line) => line.item === item.id && !line.note && line.unit === item.price);
  if (same) {
    same.quantity += 1;
    return same;
  }
  return addLine(cart, { item: item.id, name: item.name, unit: item.price });
}

/** Adds a line for an amount from the keypad. */
export function addAmount(cart, unit, name) {
  return addLine(cart, { item: null, name, unit });
}

function addLine(cart, line) {
  const added = { ...line, quantity: 1, note: '' };
  cart.lines.push(added);
  return added;
}

/** Sets how many; none takes the line out. */
export function setQuantity(cart, index, quantity) {
  if (quantity > 0) cart.lines[index].quantity = quantity;
  else cart.lines.splice(index, 1);
}

/** The cart as the server reads it. */
export function wire(cart, expectedTotal) {
  const lines = cart.lines.map(({ item, name, unit, quantity, note }) => ({ item, name, unit, quantity, note }));
  return JSON.stringify({ lines, discount: cart.discount, name: cart.name, expected_total: expectedTotal });
}
