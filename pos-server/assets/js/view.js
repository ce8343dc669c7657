// Puts a new view of a sale in the place of the old one, and keeps what the cashier was doing: the
// way to pay, what was typed, the open dialog, the focus.

import { all, find, say } from './page.js';

/** The view on show. */
export const view = () => find('#sale');

/** Shows a way to pay. */
export function choose(way) {
  view().dataset.way = way;
  for (const button of all('button[data-way]')) button.setAttribute('aria-pressed', button.dataset.way === way);
  for (const panel of all('[data-panel]')) panel.hidden = panel.dataset.panel !== way;
}

/** Swaps in a view given as text; answers the state's name before. */
export function swap(html) {
  const box = document.createElement('template');
  box.innerHTML = html;
  return put(box.content.querySelector('#sale'));
}

/** Swaps in a view out of another page. */
export function put(next) {
  const old = view();
  const before = old.dataset.view;
  const kept = keep(old);
  old.replaceWith(document.adoptNode(next));
  document.title = next.dataset.title;
  document.body.className = next.dataset.body;
  if (before !== next.dataset.view || kept.say !== next.dataset.say) say(next.dataset.say);
  restore(next, kept);
  return before;
}

function keep(old) {
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  return {
    say: old.dataset.say,
    way: old.dataset.way,
    typed: all('input:not([type="hidden"]), select', old).map(({ id, value }) => [id, value]),
    open: all('dialog[open]', old).map(({ id }) => id),
    focused: Boolean(focus),
    focus: focus?.id,
  };
}

function restore(next, { way, typed, open, focused, focus }) {
  if (find(`button[data-way="${way}"]`, next)) choose(way);
  for (const [id, value] of typed) {
    const field = id && find(`#${id}`, next);
    if (field) field.value = value;
  }
  for (const id of open) find(`dialog#${id}`, next)?.showModal();
  const target = (focus ? find(`#${focus}`, next) : null) ?? (focused ? find('#new', next) : null);
  target?.focus({ preventScroll: true });
}
