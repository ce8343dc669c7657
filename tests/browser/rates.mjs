// Stand-ins for the sources of rates: four order books, and three that say what a US dollar costs. The
// two banks do not answer.
import { createServer } from 'node:http';

const USD = 77_000;
const JMD = 160.12;

/** Starts them. `env` is what the server is told; `silent` true makes all of them answer with a fault. */
export async function startRates() {
  const stage = { silent: false };
  const server = createServer((request, response) => {
    const [, who, ...rest] = request.url.split('/');
    const answer = stage.silent ? undefined : SOURCES[who]?.(`/${rest.join('/')}`);
    response.writeHead(answer ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const names = [...Object.keys(SOURCES), 'bank-of-jamaica', 'bank-of-trinidad'];
  stage.env = { POS_RATE_URLS: names.map((name) => `${name}=${base}/${name}`).join(',') };
  stage.close = () => server.close();
  return stage;
}

const at = (path, wanted, answer) => (path === wanted ? answer : undefined);
const text = (price) => price.toFixed(2);
const today = () => new Date().toISOString().slice(0, 10);

const SOURCES = {
  kraken: (path) => at(path, '/0/public/Ticker?pair=XBTUSD', { error: [], result: { XXBTZUSD: { a: [text(USD + 1), '1', '1.000'], b: [text(USD - 1), '1', '1.000'] } } }),
  coinbase: (path) => at(path, '/products/BTC-USD/ticker', { ask: text(USD + 5), bid: text(USD + 3), time: new Date().toISOString() }),
  bitstamp: (path) => at(path, '/api/v2/ticker/btcusd/', { timestamp: String(Math.floor(Date.now() / 1000)), bid: text(USD + 7), ask: text(USD + 9) }),
  bitfinex: (path) => at(path, '/v2/ticker/tBTCUSD', [USD + 11, 5, USD + 13, 5, 1, 0, USD, 500, USD + 99, USD - 99]),
  'er-api': (path) => {
    const published = Math.floor(Date.parse(today()) / 1000) + 151;
    return at(path, '/v6/latest/USD', { result: 'success', time_last_update_unix: published, time_next_update_unix: published + 86_830, time_eol_unix: 0, base_code: 'USD', rates: { USD: 1, JMD } });
  },
  'coinbase-cross': (path) => at(path, '/v2/exchange-rates?currency=BTC', { data: { currency: 'BTC', rates: { USD: text(USD), JMD: text(USD * JMD) } } }),
  'currency-api': (path) => at(path, '/v1/currencies/usd.min.json', { date: today(), usd: { usd: 1, jmd: JMD } }),
};
