import { beforeEach, expect, test } from 'vitest';
import { Store } from '../src/store';

const SERVER = 'https://assistent.nl';
const SESSION = { token: 't', questions: [], contact: null, max_characters: 1000 };
const MESSAGE = { id: '1', text: 'vraag' };

/** A Storage as browsers have it, in memory. */
class Memory implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;
  get length() {
    return this.#items.size;
  }
  clear = () => this.#items.clear();
  key = (index: number) => [...this.#items.keys()][index] ?? null;
  getItem = (key: string) => this.#items.get(key) ?? null;
  removeItem = (key: string) => void this.#items.delete(key);
  setItem = (key: string, value: string) => void this.#items.set(key, value);
}

let storage: Memory;
beforeEach(() => (storage = new Memory()));

test('a reload finds everything again', () => {
  const before = new Store(SERVER, storage);
  before.session = SESSION;
  before.add(MESSAGE);
  before.open = true;
  const after = new Store(SERVER, storage);
  expect([after.session, after.pending, after.open]).toEqual([SESSION, [MESSAGE], true]);
});

test('another server has its own conversation', () => {
  new Store(SERVER, storage).session = SESSION;
  expect(new Store('https://ander.nl', storage).session).toBeNull();
});

test('a message goes when it has its reply, the others stay in order', () => {
  const store = new Store(SERVER, storage);
  ['1', '2', '3'].forEach((id) => store.add({ id, text: id }));
  store.remove('2');
  expect(store.pending.map(({ id }) => id)).toEqual(['1', '3']);
});

test('after erasing nothing of the conversation is kept', () => {
  const store = new Store(SERVER, storage);
  store.session = SESSION;
  store.add(MESSAGE);
  store.clear();
  expect(JSON.stringify(Array.from({ length: storage.length }, (_, n) => storage.getItem(storage.key(n)!)))).not.toMatch(
    /vraag|"t"/,
  );
});

test.each(['geen json', '[]', 'null', '{"session": {"token": 5}, "pending": []}', '{"session": null, "pending": [null]}'])(
  'what is broken is not used: %s',
  (broken) => {
    storage.setItem(`techniekpact-chat:${SERVER}`, broken);
    const store = new Store(SERVER, storage);
    expect([store.session, store.pending]).toEqual([null, []]);
  },
);

test('a browser that refuses to keep anything still has a conversation', () => {
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const store = new Store(SERVER, storage);
  store.add(MESSAGE);
  expect(store.pending).toEqual([MESSAGE]);
  expect(new Store(SERVER, undefined).session).toBeNull();
});
