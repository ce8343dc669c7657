// Copies a text, also where the page is not a secure context.

import { find, say } from './page.js';

export async function copy(button) {
  const done = await write(button.dataset.copy);
  find('span', button).textContent = done ? 'Copied' : 'Not copied';
  say(done ? 'Copied' : 'Not copied');
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return byHand(text);
  }
}

function byHand(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'vh';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
