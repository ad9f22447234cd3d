/** The panel with the conversation: puts its parts together and shows what happens in it. */

import type { Contact, Exchange, Pending, Session } from './contract';
import type { Conversation, View } from './conversation';
import { Composer } from './composer';
import { h, icon, ICONS } from './dom';
import { copy, print, save } from './exporting';
import { Log } from './log';
import { Menu } from './menu';
import { ANSWER_LANGUAGE, link } from './messages';
import { safeUrl } from './links';
import { Status } from './status';
import type { Language, Texts } from './texts';
import { transcript, transcriptLines } from './transcript';

interface Surroundings {
  title: string;
  lang: Language;
  /** The page's own start questions; empty means those of the server. */
  questions: string[];
  close(): void;
  announce(text: string): void;
  /** A reply came in. */
  onReply(): void;
}

export class Panel implements View {
  readonly root: HTMLDivElement;
  conversation!: Conversation;
  #contact: Contact | null = null;
  readonly #log: Log;
  readonly #composer: Composer;
  readonly #menu: Menu;
  readonly #status: Status;
  readonly #erase: HTMLDivElement;

  constructor(
    private readonly texts: Texts,
    private readonly around: Surroundings,
  ) {
    const say = (text: string) => (this.conversation.say(text), this.focus());
    this.#log = new Log(texts, say, (id, feedback) => this.conversation.rate(id, feedback), around.announce);
    this.#composer = new Composer(texts, say, around.announce);
    this.#status = new Status(texts, () => (this.focus(), this.conversation.retry()));
    this.#menu = this.#makeMenu();
    this.#erase = this.#makeErase();
    this.root = h(
      'div',
      { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
      this.#makeHeader(),
      this.#log.root,
      this.#status.root,
      this.#erase,
      this.#composer.form,
    );
  }

  focus(): void {
    this.#composer.focus();
  }

  /** Come into sight, or out of it. */
  toggle(open: boolean): void {
    this.root.hidden = !open;
    if (open) this.#log.showLast();
  }

  /** Close what lies over the conversation; returns false when nothing did. */
  closeTop(): boolean {
    if (!this.#erase.hidden) return this.#askErase(false), true;
    if (!this.#menu.isOpen) return false;
    this.#menu.close();
    this.#menu.focus();
    return true;
  }

  // What the conversation tells.

  started(session: Session): void {
    this.#contact = session.contact;
    this.#composer.limit = session.max_characters;
    const url = safeUrl(session.contact?.url);
    if (url) this.#menu.link(link(this.texts.human, url, this.texts));
    this.#status.settle();
    if (this.around.questions.length) this.#log.offerQuestions(this.around.questions);
    else this.#log.offerQuestions(session.questions, ANSWER_LANGUAGE);
  }

  restored(exchanges: Exchange[]): void {
    this.#log.restore(exchanges, this.#contact);
  }

  queued(message: Pending): void {
    this.#log.ask(message);
  }

  sending(message: Pending): void {
    this.#log.mark(message.id, '');
    this.#status.busy();
  }

  received(exchange: Exchange): void {
    this.#status.settle();
    this.#log.answer(exchange, this.#contact);
    this.around.onReply();
  }

  failing(explanation: string): void {
    const { pending } = this.conversation;
    const away = pending.length ? this.texts.unreachable : this.texts.noStart;
    this.#status.problem(navigator.onLine ? explanation || away : this.texts.offline);
    pending.forEach(({ id }) => this.#log.mark(id, this.texts.unsent));
  }

  refused(message: Pending, explanation: string): void {
    this.#log.mark(message.id, `${this.texts.refused} ${explanation}`.trim());
    this.#composer.giveBack(message.text);
    this.#status.settle();
    this.around.announce(`${this.texts.refused} ${explanation}`);
  }

  expired(): void {
    this.#log.note(this.texts.expired);
  }

  // Parts.

  #makeHeader(): HTMLElement {
    const close = h(
      'button',
      { type: 'button', class: 'icon', 'aria-label': this.texts.close, onclick: this.around.close },
      icon(ICONS.close),
    );
    return h('div', { class: 'header' }, h('h2', { id: 'title' }, this.around.title), this.#menu.root, close);
  }

  #makeMenu(): Menu {
    const menu = new Menu(this.texts.menu);
    menu.action(this.texts.copy, () => void this.#copy());
    menu.action(this.texts.save, () => this.#save());
    menu.action(this.texts.print, () => this.#print());
    menu.action(this.texts.erase, () => this.#askErase(true));
    return menu;
  }

  async #copy(): Promise<void> {
    this.#menu.focus();
    const done = await copy(this.#transcript()).then(() => true, () => false);
    this.#status.note(done ? this.texts.copied : this.texts.copyFailed);
  }

  #save(): void {
    this.#menu.focus();
    save(this.#transcript(), this.texts.file);
    this.#status.note(this.texts.saved);
  }

  #print(): void {
    this.#menu.focus();
    const lines = transcriptLines(this.conversation.exchanges.values(), this.texts);
    print(lines, this.around.title, this.around.lang, this.root);
  }

  #transcript(): string {
    const moment = new Date().toLocaleString(this.around.lang, { dateStyle: 'long', timeStyle: 'short' });
    return transcript(this.conversation.exchanges.values(), this.texts, this.around.title, moment);
  }

  #makeErase(): HTMLDivElement {
    return h(
      'div',
      { class: 'erase', role: 'alertdialog', 'aria-labelledby': 'erase', hidden: true },
      h('p', { id: 'erase' }, this.texts.eraseSure),
      h('button', { type: 'button', class: 'danger', onclick: () => void this.#eraseNow() }, this.texts.eraseYes),
      h('button', { type: 'button', onclick: () => this.#askErase(false) }, this.texts.eraseNo),
    );
  }

  #askErase(asking: boolean): void {
    this.#erase.hidden = !asking;
    if (asking) this.#erase.querySelector<HTMLButtonElement>('button:last-of-type')?.focus();
    else this.#menu.focus();
  }

  async #eraseNow(): Promise<void> {
    this.#erase.hidden = true;
    this.focus();
    let outcome: string;
    try {
      outcome = (await this.conversation.erase()) ? this.texts.erased : this.texts.eraseExpired;
      this.#log.clear();
    } catch {
      outcome = this.texts.eraseFailed;
    }
    this.conversation.open();
    this.#status.note(outcome);
    this.around.announce(outcome);
  }
}
