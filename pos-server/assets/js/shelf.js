// The shelf: tiles by category and by search, and how many of each are in the sale.

import { all, find, on } from './page.js';

/** Wires the shelf; `add(item)` puts one into the sale, `keypad()` opens the keypad. */
export function shelf(data, { add, keypad }) {
  const byId = new Map(data.items.map((item) => [item.id, item]));
  const tiles = all('#tiles > li');
  const search = find('#search');
  let category = '';

  function narrow() {
    const wanted = plain(search.value);
    let shown = 0;
    for (const tile of tiles) {
      const { name, barcode } = byId.get(tile.firstElementChild.dataset.item);
      const fits = wanted ? plain(name).includes(wanted) || barcode === search.value.trim() : !category || tile.dataset.in === category;
      tile.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    nothing(wanted && !shown ? search.value.trim() : '');
  }

  function clear() {
    search.value = '';
    narrow();
  }

  on(find('#tiles'), 'click', ({ target }) => {
    const tile = target.closest('[data-item]');
    if (tile) add(byId.get(tile.dataset.item));
  });
  on(find('[aria-label="Categories"]'), 'click', ({ target }) => {
    const chip = target.closest('[data-category]');
    if (!chip) return;
    category = chip.dataset.category;
    for (const other of all('[data-category]')) other.setAttribute('aria-pressed', other === chip);
    clear();
  });
  on(search, 'input', narrow);
  on(search, 'keydown', (event) => {
    if (event.key === 'Escape') clear();
    if (event.key !== 'Enter' || !search.value.trim()) return;
    event.preventDefault();
    event.stopPropagation();
    const found = tiles.filter((tile) => !tile.hidden && !tile.firstElementChild.disabled);
    if (found.length !== 1) return;
    add(byId.get(found[0].firstElementChild.dataset.item));
    clear();
  });
  on(find('#nothing'), 'click', ({ target }) => target.closest('button') && (clear(), keypad()));
  return {
    byId,
    byCode: (code) => data.items.find((item) => item.barcode === code),
    clear,
    nothing,
  };
}

/** Says that nothing is called so; says nothing again without a name. */
function nothing(name) {
  const line = find('#nothing');
  line.hidden = !name;
  find('#tiles').hidden = Boolean(name);
  if (!name) return line.replaceChildren();
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'btn', textContent: 'Use the keypad?' });
  line.replaceChildren(`Nothing called “${name}”. `, button);
}

/** Shows on each tile how many of it are in the sale. */
export function countTiles(cart) {
  const counts = new Map();
  for (const { item, quantity } of cart.lines) counts.set(item, (counts.get(item) ?? 0) + quantity);
  for (const tile of all('[data-item]')) {
    const count = counts.get(tile.dataset.item);
    tile.classList.toggle('in', Boolean(count));
    let tally = find('.count', tile);
    if (!count) {
      tally?.remove();
      continue;
    }
    if (!tally) {
      tile.append(find('#tally').content.cloneNode(true));
      tally = find('.count', tile);
    }
    tally.firstElementChild.textContent = count;
  }
}

const plain = (text) => text.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
