// A plain page to talk to the assistant. Everything it shows is set as text, never as HTML.
const log = document.getElementById('gesprek');
const form = document.getElementById('formulier');
const input = document.getElementById('vraag');
const status = document.getElementById('bezig');

const sender = sessionStorage.getItem('gesprek') ?? crypto.randomUUID?.() ?? String(Math.random());
sessionStorage.setItem('gesprek', sender);

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:)]/g;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function appendWithLinks(parent, text) {
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parent.append(text.slice(end, found.index));
    const link = element('a', '', found[0]);
    link.href = found[0];
    link.rel = 'noopener noreferrer';
    parent.append(link);
    end = found.index + found[0].length;
  }
  parent.append(text.slice(end));
}

function showMessage(who, text) {
  const message = element('div', `bericht ${who}`);
  message.append(element('span', 'wie', who === 'bezoeker' ? 'Jij: ' : 'Assistent: '));
  appendWithLinks(message, text);
  log.append(message);
  return message;
}

function showChoices(buttons) {
  const list = element('ul', 'keuzes');
  for (const { title, payload } of buttons) {
    const button = element('button', '', title);
    button.type = 'button';
    button.addEventListener('click', () => ask(payload));
    const item = element('li');
    item.append(button);
    list.append(item);
  }
  log.append(list);
}

async function ask(text) {
  showMessage('bezoeker', text);
  status.textContent = 'De assistent zoekt het antwoord …';
  try {
    const response = await fetch('/webhooks/rest/webhook', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sender, message: text }),
    });
    const messages = await response.json();
    if (!Array.isArray(messages)) throw new Error(messages.fout);
    const shown = [];
    for (const message of messages) {
      if (message.text) shown.push(showMessage('assistent', message.text));
      if (message.buttons?.length) showChoices(message.buttons);
    }
    shown[0]?.scrollIntoView({ block: 'start' });
    status.textContent = '';
  } catch {
    status.textContent = 'Dat lukte niet. Controleer je verbinding en verstuur je vraag nog eens.';
    input.value = text;
  }
  input.focus({ preventScroll: true });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = '';
  ask(text);
});

showMessage('assistent', 'Hallo! Stel je vraag, of kies er hieronder een.');
showChoices(
  ['Waar vind ik een stage in de techniek?', 'Hoe word ik leraar?', 'Welke subsidies zijn er?', 'Bij welk landsdeel hoort mijn plaats?']
    .map((title) => ({ title, payload: title })),
);
