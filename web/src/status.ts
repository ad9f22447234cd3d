/** The line above the input: at work, or not getting through. */

import { h } from './dom';
import type { Texts } from './texts';

type State = 'busy' | 'problem' | 'note';

export class Status {
  readonly root: HTMLDivElement;
  readonly #text: HTMLParagraphElement;
  readonly #dots: HTMLSpanElement;
  readonly #retry: HTMLButtonElement;
  #state: State = 'note';

  constructor(
    private readonly texts: Texts,
    retry: () => void,
  ) {
    this.#text = h('p', { role: 'status' });
    this.#dots = h('span', { class: 'dots', 'aria-hidden': 'true', hidden: true }, h('i'), h('i'), h('i'));
    this.#retry = h('button', { type: 'button', hidden: true, onclick: retry }, texts.retry);
    this.root = h('div', { class: 'status' }, this.#dots, this.#text, this.#retry);
  }

  busy(): void {
    this.#set(this.texts.busy, 'busy');
  }

  problem(text: string): void {
    this.#set(text, 'problem');
  }

  note(text: string): void {
    this.#set(text, 'note');
  }

  /** What was going on is over; a note stays until something else happens. */
  settle(): void {
    if (this.#state !== 'note') this.#set('', 'note');
  }

  #set(text: string, state: State): void {
    this.#state = state;
    // Set anew only when it differs, so that it is not spoken at every attempt.
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#dots.hidden = state !== 'busy';
    // The button stays while it has the focus; else a keyboard user would be thrown out of the panel.
    this.#retry.hidden = state !== 'problem' && !this.#retry.matches(':focus');
    this.root.classList.toggle('problem', state === 'problem');
  }
}
