// The dashboard works without this: it fills in what is customary, counts down, and keeps a double
// press from sending a form twice.
const customs = document.getElementById('countries');
const country = document.querySelector('#start select[name="country"]');
if (customs && country) {
  const places = JSON.parse(customs.textContent);
  country.addEventListener('change', () => {
    const place = places.find((one) => one.code === country.value);
    const form = country.form;
    if (!place) return;
    form.elements.currency.value = place.currency;
    form.elements.tax_name.value = place.tax_name;
    form.elements.tax.value = String(place.tax_bp / 100);
    form.elements.time_zone.value = place.time_zone;
    form.elements.inclusive.value = place.tax_inclusive ? 'yes' : 'no';
  });
}

// Counted from when the page came, never by the time this computer believes in.
const arrived = performance.getEntriesByType('navigation')[0]?.responseStart ?? 0;
for (const badge of document.querySelectorAll('[data-ends-in]')) {
  const left = badge.querySelector('[data-left]');
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((Number(badge.dataset.endsIn) - (performance.now() - arrived)) / 1000));
    left.textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : 'Time ran out';
    if (!seconds) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  event.submitter?.setAttribute('aria-busy', 'true');
});
// A page that comes back from the browser's memory may send again.
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
});

// One list open at a time; Escape and a press elsewhere close it.
const menus = [...document.querySelectorAll('details.menu')];
addEventListener('click', (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of menus) if (menu.open) { menu.open = false; menu.querySelector('summary').focus(); }
});

// Figures that move are asked for again while somebody looks.
for (const place of document.querySelectorAll('[data-live]')) {
  setInterval(async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    const answer = await fetch(place.dataset.live).catch(() => null);
    if (answer?.ok && !answer.redirected) place.innerHTML = await answer.text();
  }, 3_000);
}

// What is wrong is reached at once.
document.querySelector('[aria-invalid="true"]')?.focus();
