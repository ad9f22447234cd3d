/** The messages, in order. What is added is spoken by the role `log`; what is only nearby is not. */

import type { Contact, Exchange, Pending } from './contract';
import { h } from './dom';
import { feedbackQuestion, type Rate } from './feedback';
import { assistantMessage, choices, contactLink, reply, replyChoices, sources, visitorMessage } from './messages';
import type { Texts } from './texts';

export class Log {
  readonly root: HTMLDivElement;

  constructor(
    private readonly texts: Texts,
    private readonly say: (text: string) => void,
    private readonly rate: Rate,
    private readonly announce: (text: string) => void,
  ) {
    this.root = h('div', { class: 'log', role: 'log', 'aria-label': texts.log, tabindex: '0' });
    this.clear();
  }

  clear(): void {
    const greeting = [this.texts.greeting, this.texts.answersAreDutch].filter(Boolean).join('\n');
    this.root.replaceChildren(assistantMessage(greeting, this.texts));
  }

  /** Offer questions to begin with, as long as nothing was said. */
  offerQuestions(questions: string[], lang?: string): void {
    if (!questions.length || this.root.querySelector('.turn, .choices')) return;
    const options = questions.map((title) => ({ title, payload: title }));
    const offered = choices(this.texts.starters, options, this.say, lang);
    this.root.append(h('p', { class: 'starters' }, this.texts.starters), offered);
  }

  /** Say something that belongs between the messages. */
  note(text: string): void {
    this.root.append(h('p', { class: 'note' }, text));
  }

  /** Show a message of the visitor that has no reply yet. */
  ask({ id, text }: Pending): void {
    if (this.#turn(id)) return;
    this.#dropChoices();
    const turn = visitorMessage(id, text, this.texts);
    this.root.append(turn);
    turn.scrollIntoView({ block: 'nearest' });
  }

  /** Show how it stands with a message; an empty text shows nothing. */
  mark(id: string, state: string): void {
    const turn = this.#turn(id);
    turn?.querySelector('.state')?.remove();
    if (!turn || !state) return;
    turn.append(h('p', { class: 'state' }, state));
    turn.scrollIntoView({ block: 'nearest' });
  }

  /** Show a reply under its question. */
  answer(exchange: Exchange, contact: Contact | null): void {
    this.#dropChoices();
    // What the server kept has no personal data in it; that is what stays in sight.
    const asked = visitorMessage(exchange.id, exchange.text, this.texts);
    this.#turn(exchange.id)?.replaceWith(asked);
    if (!asked.isConnected) this.#firstPending().before(asked);
    const shown = this.#reply(exchange, contact);
    asked.after(shown);
    shown.scrollIntoView({ block: 'start' });
  }

  /** Bring what was said last into sight: nothing scrolls in a panel that is closed. */
  showLast(): void {
    const said = [...this.root.querySelectorAll('.turn, .reply')].at(-1);
    said?.scrollIntoView({ block: said.matches('.reply') ? 'start' : 'nearest' });
  }

  /** Show what was said before, without speaking all of it. */
  restore(exchanges: Exchange[], contact: Contact | null): void {
    this.root.ariaLive = 'off';
    exchanges.forEach((exchange) => this.answer(exchange, contact));
    setTimeout(() => (this.root.ariaLive = 'polite'), 500);
  }

  #reply(exchange: Exchange, contact: Contact | null): HTMLDivElement {
    const extras = h('div', { class: 'extras', 'aria-live': 'off' });
    const folded = sources(exchange, this.texts);
    if (folded) extras.append(folded);
    if (exchange.kind === 'answer' || exchange.kind === 'fallback') {
      extras.append(feedbackQuestion(exchange, this.texts, this.rate, this.announce));
    }
    const shown = h('div', { class: 'reply' }, reply(exchange, this.texts));
    const options = replyChoices(exchange, this.texts, this.say);
    if (options) shown.append(options);
    if (exchange.offer_contact && contact) shown.append(this.#humanOffer(contact));
    shown.append(extras);
    return shown;
  }

  #humanOffer(contact: Contact): HTMLParagraphElement {
    const link = contactLink(contact, this.texts);
    return h('p', { class: 'human' }, this.texts.humanOffer, ' ', link ?? contact.title);
  }

  /** Choices are for the last reply only. */
  #dropChoices(): void {
    this.root.querySelectorAll('.choices, .starters').forEach((each) => each.remove());
  }

  #turn(id: string): HTMLElement | undefined {
    return [...this.root.querySelectorAll<HTMLElement>('.turn')].find((each) => each.dataset['id'] === id);
  }

  /** Return the place before which history goes: the first question without a reply, else the end. */
  #firstPending(): { before(node: Node): void } {
    const pending = [...this.root.querySelectorAll('.turn')].find((turn) => !turn.nextElementSibling?.matches('.reply'));
    return pending ?? { before: (node) => this.root.append(node) };
  }
}
