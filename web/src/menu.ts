/** A button that shows a list of things to do: a disclosure, so that Tab and Enter are all one has to know. */

import { h, icon, ICONS } from './dom';

export class Menu {
  readonly root: HTMLDivElement;
  readonly #button: HTMLButtonElement;
  readonly #list: HTMLUListElement;

  constructor(label: string) {
    this.#list = h('ul', { id: 'menu', class: 'menu', role: 'list', hidden: true, onclick: () => this.close() });
    this.#button = h(
      'button',
      {
        type: 'button',
        class: 'icon',
        'aria-label': label,
        'aria-expanded': 'false',
        'aria-controls': 'menu',
        onclick: () => (this.isOpen ? this.close() : this.#toggle(true)),
      },
      icon(ICONS.menu),
    );
    this.root = h('div', { class: 'menu-box', onfocusout: (event) => this.#closeWhenLeft(event as FocusEvent) });
    this.root.append(this.#button, this.#list);
  }

  get isOpen(): boolean {
    return !this.#list.hidden;
  }

  action(label: string, act: () => void): void {
    this.#list.append(h('li', {}, h('button', { type: 'button', onclick: act }, label)));
  }

  /** Put a link first. */
  link(made: HTMLAnchorElement): void {
    this.#list.querySelector('a')?.parentElement?.remove();
    this.#list.prepend(h('li', {}, made));
  }

  close(): void {
    this.#toggle(false);
  }

  focus(): void {
    this.#button.focus();
  }

  #toggle(open: boolean): void {
    this.#list.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
  }

  #closeWhenLeft(event: FocusEvent): void {
    if (event.relatedTarget && !this.root.contains(event.relatedTarget as Node)) this.close();
  }
}
