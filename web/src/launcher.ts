/** The button in the corner of the page, with a badge for what came in meanwhile. */

import { h, icon, ICONS } from './dom';
import type { Texts } from './texts';

export class Launcher {
  readonly button: HTMLButtonElement;
  readonly #badge: HTMLSpanElement;
  #unread = 0;

  constructor(
    private readonly texts: Texts,
    open: () => void,
  ) {
    this.#badge = h('span', { class: 'badge', hidden: true });
    this.button = h(
      'button',
      { type: 'button', class: 'launcher primary', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', onclick: open },
      icon(ICONS.speech),
      h('span', {}, texts.launch),
      this.#badge,
    );
  }

  /** Count one more reply that was not seen; returns what to say of it. */
  count(): string {
    this.#show(this.#unread + 1);
    return this.texts.unread(this.#unread);
  }

  reset(): void {
    this.#show(0);
  }

  #show(unread: number): void {
    this.#unread = unread;
    this.#badge.hidden = unread === 0;
    const inWords = h('span', { class: 'spoken' }, ` (${this.texts.unread(unread)})`);
    this.#badge.replaceChildren(h('span', { 'aria-hidden': 'true' }, String(unread)), inWords);
  }
}
