/** One conversation with the server: starts it, takes it up again, and sends every message until it has its reply. */

import { type Api, ApiError } from './api';
import { pause, wait } from './backoff';
import type { Exchange, Feedback, Pending, Session } from './contract';
import { uuid } from './ids';
import type { Store } from './store';

/** What is to be seen of a conversation. */
export interface View {
  started(session: Session): void;
  restored(exchanges: Exchange[]): void;
  queued(message: Pending): void;
  sending(message: Pending): void;
  received(exchange: Exchange): void;
  /** Did not get through and will be tried again; `explanation` is there when the visitor went too fast. */
  failing(explanation: string): void;
  /** The server will not take this message. */
  refused(message: Pending, explanation: string): void;
  expired(): void;
}

export class Conversation {
  readonly exchanges = new Map<string, Exchange>();
  #isRestored = false;
  #attempt = 0;
  #working = Promise.resolve();
  #stop = new AbortController();
  #hurry = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly view: View,
    private readonly page: { topic: string | null; lang: string },
  ) {
    // A conversation that was never begun has nothing to fetch.
    this.#isRestored = store.session === null;
    store.pending.forEach((message) => view.queued(message));
  }

  /** Begin, or take up what was left: session, history, unsent messages. */
  open(): void {
    this.#working = this.#working.then(() => this.#work());
  }

  /** Messages without a reply, in order. */
  get pending(): readonly Pending[] {
    return this.store.pending;
  }

  say(text: string): void {
    const message = { id: uuid(), text };
    this.store.add(message);
    this.view.queued(message);
    this.open();
  }

  /** Try again now instead of at the end of the pause. */
  retry(): void {
    this.#hurry.abort();
  }

  /** Stop trying; `open` goes on. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    await this.#working;
  }

  async rate(id: string, feedback: Feedback): Promise<void> {
    if (!this.store.session) throw new ApiError(401);
    await this.api.rate(this.store.session.token, id, feedback);
  }

  /**
   * Erase everything of this conversation, here and on the server.
   *
   * @returns false when the server no longer knew it.
   * @throws ApiError when the server did not erase it: then it is still there.
   */
  async erase(): Promise<boolean> {
    await this.close();
    const known = await this.#eraseOnServer();
    this.store.clear();
    this.exchanges.clear();
    this.#isRestored = true;
    return known;
  }

  async #eraseOnServer(): Promise<boolean> {
    try {
      if (this.store.session) await this.api.erase(this.store.session.token);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.isStale) return false;
      throw error;
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    this.#attempt = 0;
    for (let step = this.#next(); step && !signal.aborted; step = this.#next()) {
      try {
        await step();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!signal.aborted) await this.#recover(error);
      }
    }
  }

  #next(): (() => Promise<void>) | undefined {
    const [message] = this.store.pending;
    const { session } = this.store;
    if (!session) return () => this.#start();
    if (!this.#isRestored) return () => this.#restore(session);
    return message && (() => this.#send(session, message));
  }

  async #start(): Promise<void> {
    const session = await this.api.start(this.page.topic, this.page.lang, this.#stop.signal);
    this.store.session = session;
    this.view.started(session);
  }

  async #restore(session: Session): Promise<void> {
    const exchanges = await this.api.history(session.token, this.#stop.signal);
    exchanges.forEach((exchange) => this.#keep(exchange));
    this.#isRestored = true;
    this.#attempt = 0;
    this.view.started(session);
    this.view.restored(exchanges);
  }

  async #send(session: Session, message: Pending): Promise<void> {
    this.view.sending(message);
    try {
      const exchange = await this.api.send(session.token, message, this.#stop.signal);
      this.#keep(exchange);
      this.#attempt = 0;
      this.view.received(exchange);
    } catch (error) {
      if (!(error instanceof ApiError && error.isFinal)) throw error;
      this.store.remove(message.id);
      this.view.refused(message, error.explanation);
    }
  }

  #keep(exchange: Exchange): void {
    this.exchanges.set(exchange.id, exchange);
    this.store.remove(exchange.id);
  }

  async #recover(error: ApiError): Promise<void> {
    const attempt = this.#attempt++;
    if (error.isStale) {
      this.store.session = null;
      this.#isRestored = true;
      this.view.expired();
      if (attempt === 0) return;
    }
    this.view.failing(error.status === 429 ? error.explanation : '');
    this.#hurry = new AbortController();
    await wait(pause(attempt, error.retryAfterSeconds), AbortSignal.any([this.#stop.signal, this.#hurry.signal]));
  }
}
