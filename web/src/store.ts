/** What outlives a reload: kept in the tab only, for this site and this server. No cookie, no localStorage. */

import type { Pending, Session } from './contract';

interface Kept {
  session: Session | null;
  pending: Pending[];
  open: boolean;
}

const NOTHING: Kept = { session: null, pending: [], open: false };

export class Store {
  readonly #key: string;
  readonly #storage: Storage | undefined;
  #kept: Kept;

  /** `storage` may be missing or refuse: the visitor's browser can forbid it. Then a reload forgets. */
  constructor(server: string, storage: Storage | undefined) {
    this.#key = `techniekpact-chat:${server}`;
    this.#storage = storage;
    this.#kept = { ...NOTHING, ...this.#read() };
  }

  get session(): Session | null {
    return this.#kept.session;
  }

  set session(session: Session | null) {
    this.#change({ session });
  }

  get open(): boolean {
    return this.#kept.open;
  }

  set open(open: boolean) {
    this.#change({ open });
  }

  get pending(): readonly Pending[] {
    return this.#kept.pending;
  }

  add(message: Pending): void {
    this.#change({ pending: [...this.#kept.pending, message] });
  }

  remove(id: string): void {
    this.#change({ pending: this.#kept.pending.filter((each) => each.id !== id) });
  }

  /** Forget the conversation and what was not sent yet. */
  clear(): void {
    this.#change({ session: null, pending: [] });
  }

  #change(part: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...part };
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // Full or forbidden: the conversation goes on from memory.
    }
  }

  #read(): Partial<Kept> {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? '{}');
      return isKept(kept) ? kept : {};
    } catch {
      return {};
    }
  }
}

/** Return the tab's storage, or undefined where the browser refuses it. */
export function tabStorage(): Storage | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { session, pending } = value as Partial<Kept>;
  const sessionFits = session === null || typeof session?.token === 'string';
  return sessionFits && Array.isArray(pending) && pending.every((each) => typeof each?.id === 'string');
}
