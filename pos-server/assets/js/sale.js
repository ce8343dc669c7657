// A sale from Charge to Paid: follows it live, and does what its buttons ask, once.

import { stayAwake, watchAwake } from './awake.js';
import { readCards } from './card.js';
import { askPin, startPin } from './card_pin.js';
import { count, startCash } from './cash.js';
import { restartClock, startClock } from './clock.js';
import { setLost } from './connection.js';
import { copy } from './copy.js';
import { held } from './held_tap.js';
import { answered, keyFor, uuid } from './keys.js';
import { follow } from './live.js';
import { parse, showAmount, toInput } from './money.js';
import { all, dialogs, every, find, on, say, typing } from './page.js';
import { Lost, post, wait } from './post.js';
import { scanner } from './scanner.js';
import { attentionSound, paidSound, unlockSound } from './sound.js';
import { dropCart } from './store.js';
import { choose, put, swap, view } from './view.js';
import { span } from './words.js';

const AGAIN_MS = 3_000;
const DEAF_MS = 400;
const PAID = ['paid', 'change', 'overpaid'];
const ATTENTION = ['part-paid', 'late', 'gone', 'expired', 'no-price', 'rail-down'];
const { sale, seq } = view().dataset;
const currency = JSON.parse(view().dataset.currency);
let deafUntil = 0;
let offline = false;

/** After a view was swapped in: sound, clock, screen; and the place of Charge is deaf for a moment. */
function shown(before) {
  const now = view().dataset.view;
  restartClock();
  count(currency);
  if (now !== before) {
    if (PAID.includes(now)) {
      deafUntil = performance.now() + DEAF_MS;
      paidSound();
    }
    if (ATTENTION.includes(now)) attentionSound();
  }
  settle();
}

function settle() {
  const { view: now, key } = view().dataset;
  stayAwake(!PAID.includes(now) && now !== 'voided');
  dropCart(key, sale);
  setLost(offline);
  view().classList.toggle('offline', offline && !PAID.includes(now));
}

function news({ html }) {
  shown(swap(html));
  if (offline) sayOffline();
}

function lost(now) {
  if (now === offline) return;
  offline = now;
  find('#offline-words')?.remove();
  settle();
  if (offline) sayOffline();
  else say(view().dataset.say);
}

function sayOffline() {
  const known = find('.known');
  if (!known || find('#offline-words')) return;
  const words = find('#offline').content.cloneNode(true);
  showAmount(find('[data-amount]', words), find('.amount', known).textContent);
  known.after(words);
  say('No connection');
}

/** Does what a form asks, asking again with the same key until an answer comes. */
async function send(form) {
  const fields = new FormData(form);
  for (const name of ['received', 'amount']) {
    if (!fields.has(name)) continue;
    const { minor, wrong } = parse(fields.get(name), currency);
    if (wrong) return tell(form, wrong);
    fields.set(name, toInput(minor, currency));
  }
  fields.delete('key');
  const action = form.getAttribute('action');
  fields.set('key', keyFor(action, new URLSearchParams(fields).toString()));
  const answer = await insist(action, fields);
  answered(action);
  if (answer.pin) return askPin(fields.get('link'));
  settled(form, answer);
}

/** A PIN was typed for the card: the same tap once more, with a key that no other request has. */
async function sendPin(form, link, pin) {
  const fields = new FormData(form);
  fields.set('link', link);
  fields.set('pin', pin);
  fields.set('key', uuid());
  settled(form, await insist(form.getAttribute('action'), fields));
}

function settled(form, answer) {
  if (answer.words) return tell(form, answer.words);
  const next = new DOMParser().parseFromString(answer.html, 'text/html').querySelector('#sale');
  if (next?.dataset.sale !== sale) return location.assign(answer.url);
  if (live.newer(Number(next.dataset.seq))) {
    find('dialog[open]')?.close();
    shown(put(next));
  }
  if (form.matches('.cash')) rest();
}

/** Part came in cash: what was typed is done with, and the code for the rest comes to the front. */
function rest() {
  const field = find('#received');
  if (!field) return;
  field.value = '';
  count(currency);
  if (find('.way .qr')) choose('lightning');
}

/** A card was read: it pays, unless one is paying already; once paid, it offers the receipt. */
function tapped(link) {
  const form = find('#tap');
  if (!form) return offerReceipt();
  if (form.dataset.busy) return;
  choose('card');
  find('#card-link', form).value = link;
  form.requestSubmit();
}

/** A card left on the tablet, or tapped once more, after the money came: nothing moves any more. */
function offerReceipt() {
  const code = find('dialog#code');
  if (!code) return tell(view(), 'Nothing is asked for just now. Nothing was taken.');
  if (!code.open && performance.now() >= deafUntil) code.showModal();
}

async function insist(action, fields) {
  for (;;) {
    try {
      return await post(action, fields);
    } catch (fault) {
      if (!(fault instanceof Lost)) throw fault;
      lost(true);
      await wait(AGAIN_MS);
    }
  }
}

/** What was scanned now belongs to no sale: it is no cash, and no press of a button. */
function guardScans() {
  let before = {};
  const scan = scanner({
    begin() {
      const field = typing(document.activeElement) ? document.activeElement : find('#received');
      before = { way: find('button[data-way][aria-pressed="true"]')?.dataset.way, field, value: field?.value };
    },
    scanned() {
      const { way, field, value } = before;
      if (field) field.value = value;
      if (way) choose(way);
      count(currency);
      tell(view(), 'Something was scanned. Finish this sale first, then scan it.');
    },
  });
  on(document, 'keydown', (event) => find('dialog[open]') || scan(event), { capture: true });
}

/** Says in words, beside the form or under the state, why something was not done. */
function tell(form, words) {
  const place = form.closest('dialog[open], .cash') ? form : find('.known, .verdict') ?? form;
  const line = find('[data-wrong]', place) ?? place.appendChild(document.createElement('p'));
  line.dataset.wrong = '';
  line.className = 'fail wrong';
  line.setAttribute('role', 'alert');
  line.textContent = words;
}

/** One thing at a time from each form. */
async function once(form, act) {
  if (!form || form.dataset.busy) return;
  form.dataset.busy = 'yes';
  for (const button of all('button', form)) button.setAttribute('aria-busy', 'true');
  await act(form);
  delete form.dataset.busy;
  for (const button of all('button', form)) button.removeAttribute('aria-busy');
}

startPin((link, pin) => once(find('#tap'), (form) => sendPin(form, link, pin)));
on(document, 'submit', async (event) => {
  const form = event.target.closest('[data-send]');
  if (!form) return;
  event.preventDefault();
  if (performance.now() < deafUntil) return;
  await once(form, () => {
    const sent = send(form);
    // A tap is used once: whatever comes of it, its link is of no use any more.
    if (form.matches('#tap')) find('#card-link', form).value = '';
    return sent;
  });
});
on(document, 'click', (event) => {
  const { target } = event;
  if (target.closest('.new, #new, #take') && performance.now() < deafUntil) return event.preventDefault();
  if (target.closest('button[data-way]')) choose(target.closest('button[data-way]').dataset.way);
  if (target.closest('[data-cash]')) {
    choose('cash');
    find('#received')?.focus();
  }
  if (target.closest('[data-try]')) live.poll();
  if (target.closest('#copy')) copy(target.closest('#copy'));
}, { capture: true });
on(document, 'keydown', ({ key, target }) => {
  if (key === 'Enter' && target === document.body) find('#new')?.click();
});
on(window, 'pageshow', (event) => event.persisted && location.reload());

dialogs();
unlockSound();
watchAwake();
guardScans();
startCash(currency, choose);
readCards(tapped, choose);
const live = follow(sale, Number(seq), { news, lost });
startClock(live.poll);
settle();
const early = held();
if (early) tapped(early);
every(250, () => {
  const again = find('[data-again]');
  if (again) again.textContent = `Trying again in ${span(live.nextInMs() + 999)}.`;
});
