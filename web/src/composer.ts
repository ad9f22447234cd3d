/** Where the visitor writes. */

import { h, icon, ICONS } from './dom';
import type { Texts } from './texts';

/** The counter shows when this part of the room is used. */
const NEAR_THE_LIMIT = 0.8;

export class Composer {
  readonly form: HTMLFormElement;
  limit = Infinity;
  readonly #input: HTMLTextAreaElement;
  readonly #counter: HTMLParagraphElement;

  constructor(
    private readonly texts: Texts,
    private readonly say: (text: string) => void,
    private readonly announce: (text: string) => void,
  ) {
    this.#counter = h('p', { id: 'counter', class: 'counter' });
    this.#input = h('textarea', {
      id: 'input',
      rows: '1',
      autocomplete: 'off',
      enterkeyhint: 'send',
      'aria-describedby': 'counter',
      oninput: () => this.#count(),
      onkeydown: (event) => this.#sendOnEnter(event as KeyboardEvent),
    });
    this.form = h(
      'form',
      { class: 'composer', onsubmit: (event) => (event.preventDefault(), this.#submit()) },
      h('label', { for: 'input' }, texts.input),
      h('div', { class: 'row' }, this.#input, h('button', { type: 'submit', class: 'primary', 'aria-label': texts.send }, icon(ICONS.send))),
      this.#counter,
    );
  }

  focus(): void {
    this.#input.focus({ preventScroll: true });
  }

  /** Give a text back to be mended, unless the visitor is writing something else. */
  giveBack(text: string): void {
    this.#input.value ||= text;
    this.#count();
  }

  get #excess(): number {
    return this.#input.value.trim().length - this.limit;
  }

  #submit(): void {
    const text = this.#input.value.trim();
    if (!text) return this.focus();
    if (this.#excess > 0) return this.announce(this.texts.tooLong(this.#excess));
    this.#input.value = '';
    this.#count();
    this.say(text);
  }

  #sendOnEnter(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #count(): void {
    const excess = this.#excess;
    const wasTooLong = this.#input.ariaInvalid === 'true';
    this.#input.setAttribute('aria-invalid', String(excess > 0));
    if (excess > 0) this.#counter.textContent = this.texts.tooLong(excess);
    else this.#counter.textContent = -excess <= this.limit * (1 - NEAR_THE_LIMIT) ? this.texts.left(-excess) : '';
    if (excess > 0 && !wasTooLong) this.announce(this.texts.tooLong(excess));
  }
}
