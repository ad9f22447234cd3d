/** The custom element: the launcher and the panel, shut off from the page's own style. */

import { Api } from './api';
import { Conversation } from './conversation';
import { h } from './dom';
import { Launcher } from './launcher';
import { type Name, readOptions } from './options';
import { Panel } from './panel';
import { Store, tabStorage } from './store';
import css from './styles.css?inline';
import { LANGUAGES } from './texts';

/** Attributes of the script tag count where the element has none. */
export type Script = { origin: string; data: Partial<Record<Name, string>> };

/** Return the class of the element, for the script that brought it. */
export function chatElement(script: Script): CustomElementConstructor {
  const style = new CSSStyleSheet();
  style.replaceSync(css);

  return class TechniekpactChat extends HTMLElement {
    #parts: Parts | undefined;

    connectedCallback(): void {
      this.#parts ??= this.#build();
      this.#parts.show();
    }

    disconnectedCallback(): void {
      this.#parts?.hide();
    }

    #build(): Parts {
      const options = readOptions((name) => this.getAttribute(name) ?? script.data[name] ?? null, script.origin);
      // Left there, the browser would show it as a tooltip over the whole conversation.
      this.removeAttribute('title');
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [style];
      return new Parts(root, options);
    }
  };
}

type Options = ReturnType<typeof readOptions>;

class Parts {
  readonly #frame: HTMLElement;
  readonly #launcher: Launcher;
  readonly #panel: Panel;
  readonly #spoken: HTMLParagraphElement;
  readonly #store: Store;
  readonly #conversation: Conversation;
  #listening = new AbortController();

  constructor(
    private readonly root: ShadowRoot,
    options: Options,
  ) {
    const texts = LANGUAGES[options.lang];
    const title = options.title ?? texts.title;
    this.#spoken = h('p', { class: 'spoken', role: 'status' });
    this.#launcher = new Launcher(texts, () => this.#open());
    this.#panel = new Panel(texts, {
      title,
      lang: options.lang,
      questions: options.questions,
      close: () => this.#close(),
      announce: (text) => this.#announce(text),
      onReply: () => this.#countUnseen(),
    });
    this.#store = new Store(options.server, tabStorage());
    this.#conversation = new Conversation(new Api(options.server), this.#store, this.#panel, options);
    this.#panel.conversation = this.#conversation;
    this.#frame = h(
      'section',
      { class: `frame ${options.position}`, lang: options.lang, 'aria-label': title, popover: 'manual' },
      this.#launcher.button,
      this.#panel.root,
      this.#spoken,
    );
    if (options.theme) this.#frame.classList.add(options.theme);
    root.append(this.#frame);
  }

  /** Come into sight, and go on with what a reload or another page interrupted. */
  show(): void {
    // In the browser's top layer no transform, filter or overflow of the page reaches it.
    this.#frame.showPopover?.();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener('keydown', (event) => this.#closeOnEscape(event), { signal });
    window.addEventListener('online', () => this.#conversation.retry(), { signal });
    if (this.#store.open) this.#toggle(true);
    if (this.#store.open || this.#store.pending.length) this.#conversation.open();
  }

  hide(): void {
    this.#listening.abort();
    void this.#conversation.close();
  }

  #open(): void {
    this.#toggle(true);
    this.#panel.focus();
    this.#conversation.open();
  }

  #close(): void {
    const hadFocus = this.root.activeElement !== null;
    this.#toggle(false);
    if (hadFocus) this.#launcher.button.focus();
  }

  #toggle(open: boolean): void {
    this.#panel.toggle(open);
    this.#launcher.button.hidden = open;
    this.#launcher.button.setAttribute('aria-expanded', String(open));
    this.#store.open = open;
    if (open) this.#launcher.reset();
  }

  /** Escape works anywhere on the page: the panel may lie over what has the focus. */
  #closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || this.#panel.root.hidden) return;
    event.preventDefault();
    if (!this.#panel.closeTop()) this.#close();
  }

  #countUnseen(): void {
    if (this.#panel.root.hidden) this.#announce(this.#launcher.count());
  }

  #announce(text: string): void {
    // Emptied first, so that the same words are spoken again.
    this.#spoken.textContent = '';
    setTimeout(() => (this.#spoken.textContent = text), 100);
  }
}
