// The page on show. What a module starts here ends when another page takes its place.

let shown = new AbortController();
let arrived = performance.getEntriesByType?.('navigation')[0]?.responseStart ?? 0;

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Listens until the page goes. */
export function on(target, type, handler, options = {}) {
  target.addEventListener(type, handler, { ...options, signal: shown.signal });
}

/** Repeats until the page goes. */
export function every(ms, act) {
  const timer = setInterval(act, ms);
  shown.signal.addEventListener('abort', () => clearInterval(timer));
}

/** Says something to a screen reader. */
export function say(words) {
  find('#say').textContent = words;
}

/** Tells somebody typing from somebody pressing keys of the till. */
export function typing(target) {
  return target.matches?.('input:not([type="radio"]):not([type="hidden"]), textarea, select') ?? false;
}

/** When the page on show left the server, as near as this tablet can tell. */
export const arrivedAt = () => arrived;

/** Puts another page, given as text, in the place of this one, under its own address if it has one. */
export async function show(html, { url = null, at = performance.now() } = {}) {
  const next = new DOMParser().parseFromString(html, 'text/html');
  const scripts = all('script[type="module"]', next).map((script) => script.getAttribute('src'));
  shown.abort();
  shown = new AbortController();
  arrived = at;
  if (url) history.pushState(null, '', url);
  on(window, 'popstate', () => location.reload());
  document.title = next.title;
  document.body.className = next.body.className;
  document.body.replaceChildren(...next.body.childNodes);
  scrollTo(0, 0);
  try {
    for (const script of scripts) await import(script);
  } catch {
    location.assign(url ?? location.href);
  }
}

/** A button pressed by a finger does not keep the keyboard: Enter stays Charge. */
export function fingers() {
  on(document, 'click', ({ detail, target }) => {
    if (detail && !target.closest('dialog')) target.closest('button')?.blur();
  });
}

/** A menu closes by a press beside it, or by Escape. */
export function menus() {
  const close = (kept) => all('details.menu[open]').forEach((menu) => menu !== kept && menu.removeAttribute('open'));
  on(document, 'click', ({ target }) => close(target.closest('details.menu')));
  on(document, 'keydown', ({ key }) => key === 'Escape' && close(null));
}

/** Opens dialogs by `data-open`, closes them by `data-close` or a press beside them. */
export function dialogs() {
  on(document, 'click', ({ target }) => {
    const opener = target.closest('[data-open]');
    if (opener) find(`#${opener.dataset.open}`).showModal();
    else if (target.closest('[data-close]')) target.closest('dialog').close();
    else if (target.matches('dialog')) target.close();
  });
}
