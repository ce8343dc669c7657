// A browser without a window, for what no browser would send: it keeps cookies and the last form's
// token, and sends what it is told.

/** Somebody at the door of a server. */
export class Visitor {
  cookies = new Map();
  csrf = '';

  constructor(url) {
    this.url = url;
  }

  async send(path, { headers = {}, ...options } = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { accept: 'text/html', origin: this.url, ...(cookie ? { cookie } : {}), ...headers };
    for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
    const response = await fetch(this.url + path, { redirect: 'manual', ...options, headers: all });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await response.text();
    this.csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.csrf;
    return { status: response.status, text, to: response.headers.get('location'), says: words(text), headers: response.headers };
  }

  get(path, options) {
    return this.send(path, options);
  }

  /** Sends a form with the last form's token. */
  post(path, fields = {}, options = {}) {
    return this.send(path, { method: 'POST', body: new URLSearchParams({ csrf: this.csrf, ...fields }), ...options });
  }

  /** Signs the practice café's owner in. */
  async signIn(email, password) {
    await this.get('/sign-in');
    const { to } = await this.post('/sign-in', { email, password });
    this.home = (await this.get(to)).to;
    return this;
  }

  /** Becomes the till that a pairing link is for, and unlocks it. */
  async pair(link, name, pin) {
    const code = new URL(link).searchParams.get('code');
    await this.get('/pair');
    await this.post('/pair', { code });
    const { text } = await this.get('/till/unlock');
    const staff = new RegExp(`name="staff" value="([^"]+)"[^]*?<b>([^<]+)`, 'g');
    this.staff = new Map([...text.matchAll(staff)].map(([, id, who]) => [who, id]));
    await this.unlock(name, pin);
    return this;
  }

  async unlock(name, pin) {
    const answer = await this.post('/till/unlock', { staff: this.staff.get(name), pin });
    const till = await this.get('/till');
    this.data = JSON.parse(/id="till-data">(.*?)<\/script>/s.exec(till.text)?.[1] ?? 'null') ?? this.data;
    this.csrf = this.data.csrf;
    return answer;
  }

  /** Charges a cart, one amount on the keypad unless told otherwise. */
  charge(cart, { key = crypto.randomUUID(), tip = 'none', ...more } = {}) {
    return this.post('/till/sales', { cart: typeof cart === 'string' ? cart : JSON.stringify(cart), key, tip, ...more });
  }
}

/** A cart of amounts in minor units, and what the page says that it comes to. */
export function cart(units, more = {}) {
  const lines = units.map((unit) => ({ item: null, name: '', unit, quantity: 1, note: '' }));
  return { lines, discount: null, name: '', expected_total: units.reduce((sum, unit) => sum + unit, 0), ...more };
}

/** What a page says to a person: its message, or what it marks as wrong. */
function words(html) {
  const found = /data-message>([^]*?)<\/p>/.exec(html) ?? /id="wrong" role="alert">([^]*?)<\/p>/.exec(html) ?? /class="(?:fault|notice) fail"[^>]*>([^]*?)<\/p>/.exec(html);
  return found?.[1].replace(/<[^>]+>/g, '').replace(/\s+/g, ' ').trim();
}
