// The PIN pad, under fingers and under a hardware keyboard.

import { watchConnection } from './connection.js';
import { find, on, typing } from './page.js';
import { SIGNED_OUT } from './post.js';
import { setSound, soundOn } from './sound.js';

const form = find('#unlock');
const pin = find('#pin');
const most = Number(pin.getAttribute('maxlength'));

function press(key) {
  if (key === 'clear') pin.value = '';
  else if (key === 'erase') pin.value = pin.value.slice(0, -1);
  else if (pin.value.length < most) pin.value += key;
}

on(form, 'mousedown', (event) => event.target.closest('[data-key]') && event.preventDefault());
on(form, 'click', ({ target }) => {
  const key = target.closest('[data-key]')?.dataset.key;
  if (key) press(key);
});
on(document, 'keydown', (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^\d$/.test(event.key)) press(event.key);
  else if (event.key === 'Backspace') press('erase');
  else if (event.key === 'Escape') press('clear');
  else if (event.key === 'Enter' && !event.target.closest('button')) form.requestSubmit();
});
on(form, 'submit', (event) => {
  if (form.dataset.busy) event.preventDefault();
  form.dataset.busy = 'yes';
});
on(window, 'pageshow', () => delete form.dataset.busy);

const sound = find('#sound');
function showSound() {
  sound.setAttribute('aria-pressed', soundOn());
  find('span', sound).textContent = soundOn() ? 'Sounds on' : 'Sounds off';
  const use = find('use', sound);
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, soundOn() ? '#sound' : '#hush'));
}
on(sound, 'click', () => {
  setSound(!soundOn());
  showSound();
});
showSound();
if (sessionStorage.getItem(SIGNED_OUT)) find('#kept').hidden = false;
sessionStorage.removeItem(SIGNED_OUT);
watchConnection();
if (find('[name="staff"]:checked')) pin.focus();
