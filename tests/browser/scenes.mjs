// What is done to a page before it is photographed: a name, the page it starts from, the hands.
const cart = {
  lines: [
    { item: 'item-0', name: 'Flat white', unit: 75000, quantity: 2, note: 'Oat milk' },
    { item: 'item-13', name: 'Jerk chicken sandwich', unit: 145000, quantity: 1, note: '' },
    { item: 'item-8', name: 'Coco bread', unit: 20000, quantity: 2, note: '' },
    { item: 'item-3', name: 'Pour-over, Blue Mountain', unit: 110000, quantity: 1, note: '' },
  ],
  discount: { percent_bp: 1000 },
  name: 'Table 4',
};
const filled = { 'pos.cart counter-1': JSON.stringify(cart) };
const click = (selector) => (page) => page.click(selector);
const phone = (page) => page.viewportSize().width < 700;

export const scenes = {
  till: { page: 'till', storage: filled },
  'till-open': { page: 'till', storage: filled, act: async (page) => phone(page) && page.click('[data-cart="toggle"]') },
  'till-long': { page: 'till', storage: { 'pos.cart counter-1': JSON.stringify({ ...cart, lines: [{ item: null, name: 'A very long name for one thing, which goes on and on', unit: 99999999999, quantity: 1, note: 'With a note as well' }] }) } },
  'keypad-long': { page: 'till-keypad', act: async (page) => { for (const key of '999999999.99') await page.click(`#keypad [data-key="${key}"]`); } },
  'till-nothing': { page: 'till', act: (page) => page.fill('#search', 'mahoe') },
  'till-cleared': { page: 'till', storage: filled, act: async (page) => { if (phone(page)) await page.click('[data-cart="toggle"]'); await page.click('#clear'); } },
  'till-parked': { page: 'till', storage: filled, act: click('#parked summary') },
  'till-discount': { page: 'till', storage: filled, act: async (page) => { if (phone(page)) await page.click('[data-cart="toggle"]'); await page.click('#discount-open'); } },
  'till-editor': { page: 'till', storage: filled, act: async (page) => { if (phone(page)) await page.click('[data-cart="toggle"]'); await page.click('[data-act="edit"]'); } },
  'till-park': { page: 'till', storage: filled, act: async (page) => { if (phone(page)) await page.click('[data-cart="toggle"]'); await page.click('#park-open'); } },
  'till-keypad': { page: 'till-keypad', act: async (page) => { for (const key of ['3', '5', '0', '+', '4', '5', '0']) await page.click(`#keypad [data-key="${key}"]`); } },
  'sale-cash': { page: 'sale-waiting', act: async (page) => { await page.click('[data-way="cash"]'); await page.click('.quick button:nth-child(2)'); } },
  'sale-cash-part': { page: 'sale-waiting', act: async (page) => { await page.click('[data-way="cash"]'); for (const key of ['2', '0', '0', '0']) await page.click(`.cash [data-key="${key}"]`); } },
  'sale-part': { page: 'sale-waiting', act: click('[data-open="part"]') },
  'sale-offline': { page: 'sale-waiting', act: (page) => page.waitForSelector('#offline-words', { timeout: 12000 }), down: true },
  'sale-code': { page: 'sale-paid', act: click('[data-open="code"]') },
  'tip-another': { page: 'tip', act: click('[data-open="another"]') },
  'unlock-typed': { page: 'unlock', act: async (page) => { await page.click('.person'); for (const key of ['1', '2', '3', '4']) await page.click(`[data-key="${key}"]`); } },
};
