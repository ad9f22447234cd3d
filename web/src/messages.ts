/** How what was said looks in the log. */

import { blocks } from './blocks';
import type { Choice, Contact, Exchange, Link } from './contract';
import { h } from './dom';
import { type Named, pieces, safeUrl } from './links';
import type { Texts } from './texts';

/** Dutch is what the assistant says, whatever language the widget speaks. */
export const ANSWER_LANGUAGE = 'nl';

/** Return a link that opens safely beside the page; mail and phone open their own program. */
export function link(text: string, url: string, texts: Texts): HTMLAnchorElement {
  const inNewTab = /^https?:/.test(url);
  return h(
    'a',
    { href: url, rel: 'noopener noreferrer', target: '_blank' },
    text,
    inNewTab && h('span', { class: 'spoken' }, ` ${texts.newTab}`),
  );
}

function inline(text: string, texts: Texts, named: Named[] = []): Node[] {
  return pieces(text, named).map((piece) =>
    piece.url ? link(piece.text, piece.url, texts) : document.createTextNode(piece.text),
  );
}

function body(text: string, texts: Texts, named: Named[] = []): HTMLElement[] {
  return blocks(text).map(({ kind, lines }) =>
    kind === 'list'
      ? h('ul', {}, ...lines.map((line) => h('li', {}, ...inline(line, texts, named))))
      : h('p', {}, ...inline(lines.join('\n'), texts, named)),
  );
}

function bubble(side: 'visitor' | 'assistant', who: string, ...content: Node[]): HTMLDivElement {
  return h('div', { class: `bubble ${side}` }, h('span', { class: 'spoken' }, `${who}: `), ...content);
}

/** Return what the visitor said. It is not announced: whoever wrote it knows. */
export function visitorMessage(id: string, text: string, texts: Texts): HTMLDivElement {
  const message = h('div', { class: 'turn', 'data-id': id, 'aria-live': 'off' });
  message.append(bubble('visitor', texts.you, ...body(text, texts)));
  return message;
}

/** Return words of the widget itself, as the assistant's. */
export function assistantMessage(text: string, texts: Texts): HTMLDivElement {
  return bubble('assistant', texts.assistant, ...body(text, texts));
}

/** Return the texts of a reply with what belongs under them. */
export function reply(exchange: Exchange, texts: Texts): HTMLDivElement {
  const said = exchange.messages.map((message) => message.text ?? '').filter(Boolean);
  const unnamed = exchange.links.filter(({ url }) => url && !said.some((text) => text.includes(url)));
  // "Stagemarkt: https://…" becomes a link that is called Stagemarkt.
  const named = exchange.links.map(({ title, url }) => ({ words: `${title}: ${url}`, title, url }));
  const content = said.flatMap((text) => body(text, texts, named));
  const bubbles = bubble('assistant', texts.assistant, ...content, ...readOn(unnamed, texts));
  bubbles.setAttribute('lang', ANSWER_LANGUAGE);
  return bubbles;
}

function readOn(links: Link[], texts: Texts): HTMLElement[] {
  const items = links.flatMap(({ title, url }) => {
    const safe = safeUrl(url);
    return safe ? [h('li', {}, link(title, safe, texts))] : [];
  });
  return items.length ? [h('p', {}, texts.more), h('ul', {}, ...items)] : [];
}

/** Return the sources of an answer, folded; undefined when it has none. */
export function sources(exchange: Exchange, texts: Texts): HTMLDetailsElement | undefined {
  if (!exchange.source_line && !exchange.sources.length) return undefined;
  const named = exchange.sources.map(({ title, url }) => ({ words: title, title, url }));
  const content = exchange.source_line
    ? [h('p', { lang: ANSWER_LANGUAGE }, ...inline(exchange.source_line, texts, named))]
    : [h('ul', { lang: ANSWER_LANGUAGE }, ...exchange.sources.map((source) => sourceItem(source, texts)))];
  return h('details', { class: 'sources' }, h('summary', {}, texts.sources), ...content);
}

function sourceItem(source: Exchange['sources'][number], texts: Texts): HTMLLIElement {
  const url = safeUrl(source.url);
  return h('li', {}, url ? link(source.title, url, texts) : source.title, ` (${source.date ?? texts.undated})`);
}

/** Return buttons with something to say; one click says it. */
export function choices(
  label: string,
  options: Choice[],
  say: (text: string) => void,
  lang?: string,
): HTMLUListElement {
  const buttons = options.map(({ title, payload }) =>
    h('li', {}, h('button', { type: 'button', class: 'choice', onclick: () => say(payload) }, title)),
  );
  // A list without bullets is no list to VoiceOver unless it says so.
  return h('ul', { class: 'choices', role: 'list', 'aria-label': label, ...(lang && { lang }) }, ...buttons);
}

/** Return the buttons of a whole reply. */
export function replyChoices(exchange: Exchange, texts: Texts, say: (text: string) => void): HTMLElement | undefined {
  const options = exchange.messages.flatMap((message) => message.buttons ?? []);
  return options.length ? choices(texts.choices, options, say, ANSWER_LANGUAGE) : undefined;
}

/** Return the way to a person, or undefined when the address is none to go to. */
export function contactLink(contact: Contact, texts: Texts): HTMLAnchorElement | undefined {
  const url = safeUrl(contact.url);
  return url ? link(contact.title || texts.human, url, texts) : undefined;
}
