// The till: puts shelf, keypad and sale together, and charges.

import * as carts from './cart.js';
import { readCards } from './card.js';
import { charge, charging } from './charge.js';
import { hold, look } from './held_tap.js';
import { startKeypad } from './typing.js';
import { watchConnection } from './connection.js';
import { countTiles, shelf } from './shelf.js';
import { paintLines, paintSums } from './lines.js';
import { notice, quiet, startNotice } from './notice.js';
import { all, dialogs, find, fingers, menus, on, say, typing } from './page.js';
import { parked } from './parked.js';
import { discountSheet, lineSheet, parkSheet } from './sheets.js';
import { cartOf, dropKey, loadCart, saveCart } from './store.js';
import { unlockSound } from './sound.js';
import { count } from './words.js';

const MOST = 9_999;
const VIEW = 'pos.view';
const data = JSON.parse(find('#till-data').textContent);
const { currency } = data;
const sale = { cart: loadCart(data.till) };

const stock = shelf(data, { add, keypad: () => open('keypad') });
const keypad = startKeypad(data, { changed: paint, commit, open, scanned });
const editLine = lineSheet(sale, changed);

/** The tax of a line: the item's own, else the store's. */
function taxOf(line) {
  const item = stock.byId.get(line.item);
  return { bp: item?.tax_bp ?? data.tax.bp, inclusive: item?.inclusive ?? data.tax.inclusive };
}

/** The sale as it stands, the sum on the keypad included. */
function whole() {
  const live = keypad.live();
  const lines = live.minor ? [...sale.cart.lines, { item: null, name: keypad.name(), unit: live.minor, quantity: 1, note: '' }] : sale.cart.lines;
  return { ...sale.cart, lines };
}

function paint() {
  const cart = whole();
  paintLines(sale.cart, keypad.live(), currency);
  paintSums(cart, carts.price(cart, taxOf), data);
  countTiles(cart);
  find('#sale-name').textContent = sale.cart.name;
}

function changed() {
  quiet();
  keep();
}

function keep() {
  saveCart(data.till, sale.cart);
  paint();
}

function add(item) {
  const line = carts.addItem(sale.cart, item);
  changed();
  say(`${item.name}, ${line.quantity} in this sale`);
}

/** Makes a line of the sum on the keypad; answers whether there was one. */
function commit() {
  const { minor } = keypad.live();
  if (!minor) return false;
  carts.addAmount(sale.cart, minor, keypad.name());
  keypad.clear();
  changed();
  return true;
}

function scanned(code) {
  const item = stock.byCode(code);
  if (!item) {
    open('items');
    return stock.nothing(code);
  }
  if (item.sold_out) return notice(`${item.name} is sold out.`, { warn: true });
  stock.clear();
  add(item);
}

function open(view) {
  find('#till').dataset.view = view;
  for (const tab of all('[data-show]')) tab.setAttribute('aria-pressed', tab.dataset.show === view);
  localStorage.setItem(VIEW, view);
}

/** On a phone, the sale lies over the shelf. */
function drawer(how) {
  const opened = find('#cart').classList.toggle('open', how === 'toggle' ? undefined : false);
  find('[data-cart="toggle"]').setAttribute('aria-expanded', opened);
}

function clear() {
  if (!whole().lines.length) return;
  const before = sale.cart;
  const typed = keypad.live();
  sale.cart = carts.empty();
  dropKey(data.till);
  keypad.clear();
  changed();
  notice('Sale cleared.', { back: () => { sale.cart = before; if (typed.minor) carts.addAmount(sale.cart, typed.minor, ''); keep(); } });
}

/** The shelf may have changed since the cart was kept. */
function refresh() {
  for (const line of [...sale.cart.lines]) {
    const item = stock.byId.get(line.item);
    if (!line.item || item?.price === line.unit) continue;
    if (item) line.unit = item.price;
    else sale.cart.lines = sale.cart.lines.filter((other) => other !== line);
    notice(item ? `The price of ${item.name} has changed.` : `${line.name} is not on the shelf any more.`, { warn: true });
  }
}

const parking = parked(data, sale, { taxOf, commit, keep });
const openPark = parkSheet(sale, parking.park);
discountSheet(sale, currency, changed);

on(find('#lines'), 'click', ({ target }) => {
  const act = target.closest('[data-act]')?.dataset.act;
  if (!act) return;
  const index = Number(target.closest('li').dataset.line);
  if (act === 'edit') return editLine(index);
  const line = sale.cart.lines[index];
  carts.setQuantity(sale.cart, index, Math.min(MOST, line.quantity + (act === 'more' ? 1 : -1)));
  changed();
  say(`${line.name || 'Amount'}, ${sale.cart.lines.includes(line) ? line.quantity : 0} in this sale`);
});
on(document, 'click', ({ target }) => {
  const view = target.closest('[data-show]')?.dataset.show;
  if (view) open(view);
  const how = target.closest('[data-cart]')?.dataset.cart;
  if (how) drawer(how);
});
on(find('#clear'), 'click', clear);
on(find('#park-open'), 'click', () => {
  commit();
  if (sale.cart.lines.length) openPark();
  else notice('Add something first');
});
on(find('#charge'), 'submit', (event) => {
  event.preventDefault();
  commit();
  if (!sale.cart.lines.length) return notice('Add something first');
  const { bill } = carts.price(sale.cart, taxOf);
  if (bill > data.cap) return notice('This amount is too large.', { warn: true });
  charge(find('#charge'), data.till, carts.wire(sale.cart, bill));
});
on(document, 'keydown', (event) => {
  const free = !typing(event.target) && !event.target.closest('button, a, summary, dialog') && !find('dialog[open]');
  if (event.key === 'Enter' && free) find('#charge').requestSubmit();
  if (event.key === 'Escape' && !find('dialog[open]')) drawer('close');
});

/** A card was read: while a sale is being made it waits for that; before an amount it says what is on it. */
async function tapped(link) {
  if (charging()) return hold(link);
  const { words, warn } = await look(link, data.csrf);
  notice(words, { warn });
  say(words);
}

readCards(tapped);
dialogs();
fingers();
menus();
startNotice();
unlockSound();
watchConnection();
const asked = new URLSearchParams(location.search);
open((!asked.has('view') && localStorage.getItem(VIEW)) || find('#till').dataset.view);
const again = asked.get('again');
const before = again && cartOf(data.till, again);
if (before && !sale.cart.lines.length) sale.cart = before;
if (location.search) history.replaceState(null, '', location.pathname);
refresh();
keep();
parking.start();
if (sale.cart.lines.length) say(`${count(sale.cart.lines.length, 'line')} in this sale`);
