// Small helpers. Every page works without them; they save a reload.

// <form data-fragment="/adres" data-target="#id">: shows the server's view of the form in #id while one types.
const PAUSE_MS = 400;

async function fetchFragment(address, options) {
  const response = await fetch(address, { credentials: 'same-origin', ...options });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

for (const form of document.querySelectorAll('form[data-fragment]')) {
  const target = document.querySelector(form.dataset.target);
  let timer;
  let running;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    try {
      target.innerHTML = await fetchFragment(form.dataset.fragment, {
        method: 'POST',
        body: new FormData(form),
        signal: running.signal,
      });
    } catch (error) {
      if (error.name !== 'AbortError') target.textContent = 'Het voorbeeld is er even niet. Opslaan kan wel.';
    }
  };
  refresh();
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  });
}

// <div data-poll="/adres" data-seconds="2">: is renewed by the server until the answer has no data-poll any more.
async function poll(part) {
  const seconds = Number(part.dataset.seconds ?? 2);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  try {
    part.outerHTML = await fetchFragment(part.dataset.poll);
  } catch {
    poll(part);
    return;
  }
  startPolling();
}

function startPolling() {
  for (const part of document.querySelectorAll('[data-poll]:not([data-polling])')) {
    part.dataset.polling = '';
    poll(part);
  }
}
startPolling();

// <button type="button" data-add="rijen">: adds an empty row, a copy of the last one.
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-add]');
  if (!button) return;
  const rows = document.getElementById(button.dataset.add);
  const last = rows.lastElementChild;
  const number = rows.children.length;
  const row = last.cloneNode(true);
  for (const part of [row, ...row.querySelectorAll('[name], [id], [for], [aria-labelledby], [aria-describedby]')]) {
    for (const attribute of ['name', 'id', 'for', 'aria-labelledby', 'aria-describedby']) {
      const value = part.getAttribute(attribute);
      if (value) part.setAttribute(attribute, value.replaceAll(`.${number - 1}`, `.${number}`));
    }
    if (part.matches('[type=checkbox]')) part.checked = false;
    else if (part.matches('input, textarea, select')) part.value = '';
  }
  for (const label of row.querySelectorAll('[data-number]')) label.textContent = String(number + 1);
  rows.append(row);
  (row.matches('input') ? row : row.querySelector('input, textarea, select')).focus();
});

// <form data-confirm="Zeker weten?">
document.addEventListener('submit', (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
