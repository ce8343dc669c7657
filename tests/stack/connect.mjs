// An owner without a browser: signs in by the one-time link and connects the sample café to the shop's LND.

/** Connects the store to the node behind `lndconnect`; throws what the page says if it cannot. */
export async function connectLnd(onceLink, lndconnect) {
  const base = new URL(onceLink).origin;
  const jar = new Map();
  const ask = async (path, fields) => {
    const response = await fetch(base + path, {
      method: fields ? 'POST' : 'GET',
      body: fields && new URLSearchParams(fields),
      redirect: 'manual',
      headers: { origin: base, accept: 'text/html', cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=');
      jar.set(name, value);
    }
    return { status: response.status, to: response.headers.get('location'), html: await response.text() };
  };
  const token = (page) => page.html.match(/name="csrf" value="([^"]+)"/)[1];
  const door = new URL(onceLink).pathname;
  await ask(door, { csrf: token(await ask(door)) });
  const { to: home } = await ask('/dashboard');
  const lightning = await ask(`${home}/lightning`);
  const answer = await ask(`${home}/lightning/connect`, { csrf: token(lightning), link: lndconnect });
  if (answer.status !== 303) throw new Error(`LND could not be connected: ${answer.html.replace(/<[^>]*>/g, ' ')}`);
}
