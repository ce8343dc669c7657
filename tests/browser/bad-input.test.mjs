// What no page of ours sends: each is refused in clear words, changes nothing and loses nothing.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { openServer } from './shop.mjs';
import { cart, Visitor } from './visitor.mjs';

for (const kind of ['sqlite', 'postgres']) describe(`bad input on ${kind}`, () => refused(kind));

function refused(kind) {
  let shop, till, owner, stranger;
  const amount = 125_000;

  /** What there is in the shop: the sales with their states and sums, the parked ones, and the log. */
  async function everything(of = till) {
    const { text } = await of.get('/till/recent');
    const sales = [...text.matchAll(/class="sold" href="[^"]*chosen=([^"&]+)"[^]*?<\/a>/g)];
    const { text: page } = await of.get('/till');
    const parked = [...page.matchAll(/data-parked="([^"]+)"/g)].map(([, id]) => id);
    return { sales: sales.map(([all, id]) => `${id} ${all.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')}`), parked };
  }
  /** Does something that must change nothing. Answers what was said. */
  async function nothing(act) {
    const before = await everything();
    const answer = await act();
    assert.deepEqual(await everything(), before, 'something was changed');
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}: ${answer.says}`);
    return answer;
  }
  async function sale(units = [amount]) {
    const { to, says } = await till.charge(cart(units));
    assert.match(to ?? says, /^\/till\/sales\/[0-9a-f-]{36}/);
    return to.split('?')[0];
  }
  const key = () => crypto.randomUUID();

  before(async () => {
    shop = await openServer({ on: kind });
    till = await new Visitor(shop.url).pair(await shop.pairing(), 'Keisha', shop.pin('Keisha'));
    owner = await new Visitor(shop.url).signIn('owner@example.com', shop.said('Owner', '\\S+, password (\\S+)'));
    stranger = new Visitor(shop.url);
    await stranger.get('/start');
    const opened = await stranger.post('/start', {
      name: 'Another shop', country: 'US', currency: 'USD', tax_name: 'Tax', tax: '0', inclusive: 'yes', tips: '', time_zone: 'UTC',
      address: '1 Main St', email: 'other@example.com', password: 'another pass phrase', till: 'Bar', prefix: 'B1', cashier: 'Zoe', pin: '7391',
    });
    assert.equal(opened.to, '/dashboard', opened.text);
    stranger.home = (await stranger.get('/dashboard')).to;
  });
  after(() => shop?.close());

  const wrongCarts = {
    'nothing at all': [cart([]), 'Add something first'],
    'an amount of zero': [cart([0]), '“Amount”: the amount must be more than zero'],
    'a negative amount': [cart([-5_000]), '“Amount”: the amount must be more than zero'],
    'a negative amount beside a larger one': [cart([50_000, -5_000]), '“Amount”: the amount must be more than zero'],
    'an amount above the cap': [cart([160_000_001]), 'This is above the limit for one sale in this store'],
    'an amount that does not fit': ['{"lines":[{"unit":99999999999999999999,"quantity":1}],"expected_total":1}', 'This sale could not be read. Go back and try again.'],
    'amounts whose sum does not fit': [cart([9_000_000_000_000_000_000, 9_000_000_000_000_000_000], { expected_total: 1 }), /too large|above the limit/],
    'an amount with decimals': ['{"lines":[{"unit":100.5,"quantity":1}],"expected_total":100.5}', 'This sale could not be read. Go back and try again.'],
    'a quantity of zero': [{ ...cart([100]), lines: [{ ...cart([100]).lines[0], quantity: 0 }], expected_total: 0 }, '“Amount”: the quantity must be between 1 and 9999'],
    'a quantity beyond sense': [{ ...cart([100]), lines: [{ ...cart([100]).lines[0], quantity: 10_000 }], expected_total: 1_000_000 }, '“Amount”: the quantity must be between 1 and 9999'],
    'too many lines': [cart(Array(201).fill(100)), 'That is more than 200 lines. Make two sales of it.'],
    'a discount above the whole': [cart([100], { discount: { percent_bp: 10_001 }, expected_total: 0 }), 'A discount is between nothing and everything'],
    'a negative discount': [cart([100], { discount: { amount: -1 }, expected_total: 101 }), 'A discount is between nothing and everything'],
    'a total that the shop does not get to': [cart([100], { expected_total: 99 }), 'A price has changed since this page was opened. Look at the total again.'],
    'an item of nobody': [{ ...cart([100]), lines: [{ ...cart([100]).lines[0], item: crypto.randomUUID() }] }, 'Something in this sale is no longer sold. Take it out and try again.'],
    'no JSON': ['{"lines":', 'This sale could not be read. Go back and try again.'],
  };
  for (const [what, [sent, words]] of Object.entries(wrongCarts)) {
    test(`charging ${what}`, async () => {
      const { says } = await nothing(() => till.charge(sent));
      if (words instanceof RegExp) assert.match(says, words);
      else assert.equal(says, words);
    });
  }

  test('tips that make no sense', async () => {
    for (const tip of ['bp:-1', 'bp:1e3', 'minor:-5', 'all', 'bp:99999999999999999999']) {
      const answer = await till.charge(cart([amount]), { tip });
      assert.equal(answer.status, 200, 'the tip page, with words');
      assert.match(answer.says, /This tip could not be read\./);
    }
    const typed = { '-5': 'negative', '1.234': 'decimals', '5 000 000': 'ten times the bill', x: 'not an amount' };
    for (const [tip_amount, words] of Object.entries(typed)) {
      const { says } = await till.charge(cart([amount]), { tip: 'custom', tip_amount });
      assert.match(says, new RegExp(words), tip_amount);
    }
  });

  test('cash and parts that make no sense', async () => {
    const at = await sale();
    const wrong = { '': /./, '-5': /negative/, '1.234': /decimals/, '1e5': /not an amount/, '99999999999999999999': /too large/, '0': /how much cash/, '20000000': /not an amount of cash/ };
    for (const [received, words] of Object.entries(wrong)) {
      const { says } = await nothing(() => till.post(`${at}/cash`, { key: key(), received }));
      assert.match(says, words, received);
    }
    for (const part of ['0', '-1', '1250.01', '0.001']) {
      const { says } = await nothing(() => till.post(`${at}/offer`, { key: key(), amount: part }));
      assert.match(says, /not a part of what is left|negative|decimals/, part);
    }
    await till.post(`${at}/cancel`, { key: key() });
  });

  test('a form sent twice is done once; another one under its key is refused', async () => {
    const twice = key();
    const first = await till.charge(cart([amount]), { key: twice });
    const again = await till.charge(cart([amount]), { key: twice });
    assert.equal(again.to, first.to);
    const { says } = await nothing(() => till.charge(cart([amount + 100]), { key: twice }));
    assert.equal(says, 'This was sent before with something else in it. Go back and try again.');
    const at = first.to.split('?')[0];
    const cash = { key: key(), received: '2000' };
    assert.equal((await till.post(`${at}/cash`, cash)).status, 303);
    const before = await everything();
    assert.equal((await till.post(`${at}/cash`, cash)).status, 303);
    assert.deepEqual(await everything(), before);
    await nothing(() => till.post(`${at}/cash`, { ...cash, received: '3000' }));
    await nothing(() => till.charge(cart([amount]), { key: 'short' }));
    await nothing(() => till.charge(cart([amount]), { key: '' }));
  });

  test('sixteen of the same form at once make one sale', async () => {
    const same = key();
    const answers = await Promise.all(Array.from({ length: 16 }, () => till.charge(cart([99_900]), { key: same })));
    assert.equal(new Set(answers.map(({ to }) => to)).size, 1);
    const { sales } = await everything();
    assert.equal(sales.filter((line) => line.includes('J$999.00')).length, 1);
  });

  test('forms without our token, with another’s, or from another site', async () => {
    const at = await sale();
    const { says } = await nothing(() => till.post(`${at}/cancel`, { key: key(), csrf: '' }));
    assert.match(says, /Nothing was changed/);
    await nothing(() => till.post(`${at}/cancel`, { key: key(), csrf: stranger.csrf }));
    for (const origin of ['https://evil.example', 'null', undefined]) {
      const foreign = await nothing(() => till.post(`${at}/cancel`, { key: key() }, { headers: { origin } }));
      assert.equal(foreign.status, 403);
      assert.equal(foreign.says, 'This came from another site. Nothing was changed.');
    }
    await nothing(() => till.post(`${at}/cancel`, { key: key() }, { headers: { 'sec-fetch-site': 'cross-site' } }));
  });

  test('bodies that are too large, no text, or no form', async () => {
    const post = (body, type = 'application/x-www-form-urlencoded') => nothing(() => till.send('/till/sales', { method: 'POST', body, headers: { 'content-type': type } }));
    const large = await post(`csrf=${till.csrf}&cart=${'x'.repeat(10_000_000)}`);
    assert.equal(large.status, 413);
    assert.equal(large.says, 'That is more than a page sends: at most 256 kB. Nothing was changed.');
    const invalid = Buffer.concat([Buffer.from(`csrf=${till.csrf}&cart=`), Buffer.from([0xc3, 0x28, 0xff])]);
    assert.match((await post(invalid)).says, /signs that are not text\. Nothing was changed\./);
    assert.match((await post(`csrf=${till.csrf}&cart=%C3%28`)).says, /signs that are not text/);
    assert.match((await post(`csrf=${till.csrf}&cart=%00`)).says, /signs that are not text/);
    assert.equal((await post('{}', 'application/json')).status, 415);
    assert.equal((await post('<a/>', 'text/xml')).status, 415);
    assert.match((await post(`csrf=${till.csrf}`)).says, /did not arrive whole|out of date|could not be read/);
    const address = await till.get('/till/recent?q=%C3%28');
    assert.equal(address.status, 400);
    assert.equal(address.says, 'This address holds signs that are not text.');
  });

  test('what a name may hold is shown as text, never run', async () => {
    const name = '<script>alert(1)</script> “Irie” & \'co\'';
    const { to } = await till.charge(cart([amount], { name, lines: [{ ...cart([amount]).lines[0], name, note: name }] }));
    for (const path of [to, '/till/recent', `${owner.home}/sales`]) {
      const { text } = await (path.startsWith('/dash') ? owner : till).get(path);
      assert.ok(!text.includes('<script>alert'), path);
    }
  });

  test('what is another merchant’s is not found', async () => {
    const at = await sale();
    const other = await stranger.get(`${stranger.home}/tills`);
    const tillId = /\/tills\/([0-9a-f-]{36})/.exec(other.text)[1];
    const { text } = await stranger.post(`${stranger.home}/tills/${tillId}/code`);
    const code = /class="code-signs">\s*([A-Z0-9 -]+?)\s*</.exec(text)[1];
    const theirs = await new Visitor(shop.url).pair(`${shop.url}/pair?code=${encodeURIComponent(code)}`, 'Zoe', '7391');
    for (const path of [at, `${at}/live`, `${at}/state`]) assert.equal((await theirs.get(path)).status, 404, path);
    for (const act of ['cash', 'offer', 'cancel', `payments/${key()}/add`, `payments/${key()}/give-back`]) {
      const { status } = await nothing(() => theirs.post(`${at}/${act}`, { key: key(), received: '1', amount: '' }));
      assert.equal(status, 404, act);
    }
    const item = till.data.items[0];
    const stolen = await theirs.charge({ ...cart([item.price]), lines: [{ item: item.id, name: '', unit: item.price, quantity: 1, note: '' }] });
    assert.equal(stolen.says, 'Something in this sale is no longer sold. Take it out and try again.');
    for (const page of ['', '/sales', `/sales/${at.split('/').at(-1)}`, '/items', '/tills', '/staff', '/lightning', '/rates', '/settings', '/log']) {
      assert.equal((await stranger.get(`${owner.home}${page}`)).status, 404, page);
    }
    for (const page of ['/settings', '/rates', '/lightning/money', '/lightning/connect', '/account/password', `/items/${item.id}`, `/items/${item.id}/retire`]) {
      assert.equal((await nothing(() => stranger.post(`${owner.home}${page}`, { name: 'Mine', to: 'real', sure: 'on' }))).status, 404, page);
    }
  });

  test('a session that ended in the middle: the sale survives the sign-in', async () => {
    const at = await sale();
    const cookies = new Map(till.cookies);
    const gone = new Visitor(shop.url);
    gone.csrf = till.csrf;
    assert.equal((await gone.get(at)).to, `/pair?next=${at}`);
    await till.post('/till/lock', {});
    const same = key();
    const locked = await till.charge(cart([77_700]), { key: same });
    assert.equal(locked.status, 401);
    assert.equal(locked.says, 'Signed out. The sale is kept.');
    assert.match(locked.text, /href="\/till\/unlock\?next=/);
    assert.equal((await till.get(`${at}/state`, { headers: { accept: 'application/json' } })).status, 401);
    await till.unlock('Keisha', shop.pin('Keisha'));
    assert.match((await till.charge(cart([77_700]), { key: same })).to, /^\/till\/sales\//, 'the same key works after the sign-in');
    assert.deepEqual(new Map(till.cookies).get('pos-till'), cookies.get('pos-till'));
    assert.equal((await till.get(at)).status, 200);
  });

  test('a currency that is none, and settings that make no sense', async () => {
    const setUp = { name: 'X', country: 'JM', currency: 'XXQ', tax_name: 'T', tax: '101', inclusive: 'yes', tips: '-5', time_zone: 'Mars/Base', address: '', email: 'no', password: 'short', till: '', prefix: '!', cashier: '', pin: '12' };
    const somebody = new Visitor(shop.url);
    await somebody.get('/start');
    const { status, text } = await somebody.post('/start', setUp);
    assert.equal(status, 422);
    for (const field of ['currency', 'tax', 'tips', 'time_zone', 'email', 'password', 'till', 'prefix', 'cashier', 'pin']) {
      assert.match(text, new RegExp(`id="${field}-fault"`), `${field} is not marked`);
    }
    assert.equal((await somebody.get('/dashboard')).to, '/sign-in?next=/dashboard');
  });

  test('things that are not there, and ways that are none', async () => {
    for (const path of ['/nowhere', '/till/sales/x', '/till/sales/00000000-0000-0000-0000-000000000000', '/r/nothing', `/r/${'0'.repeat(32)}`, '/assets/../Cargo.toml', '/assets/%2e%2e%2fCargo.toml']) {
      const { status, says } = await till.get(path);
      assert.ok(status === 404 || status === 400, `${path} ${status}`);
      assert.match(says, /There is no such page, or it is not yours\.|not text/);
    }
    assert.equal((await till.get('/till/sales')).status, 405);
    assert.equal((await till.post('/till')).status, 405);
  });

  test('too many wrong PINs lock the name, in words', async () => {
    await till.post('/till/lock', {});
    const tries = [];
    for (let count = 0; count < 6; count += 1) tries.push((await till.post('/till/unlock', { staff: till.staff.get('Omar'), pin: '0000' })).says);
    assert.deepEqual(tries.slice(0, 4), [4, 3, 2, 1].map((left) => `That PIN is not right. ${left} ${left === 1 ? 'try' : 'tries'} left.`));
    assert.match(tries[4], /^Too many tries/);
    const right = await till.post('/till/unlock', { staff: till.staff.get('Omar'), pin: shop.pin('Omar') });
    assert.match(right.says, /^Too many tries/);
  });

  afterEach(async () => assert.equal((await fetch(`${shop.url}/health`)).status, 200));
}
