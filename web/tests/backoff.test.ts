import { expect, test } from 'vitest';
import { pause, wait } from '../src/backoff';

test('pauses grow, up to half a minute', () => {
  const pauses = [0, 1, 2, 3, 10].map((attempt) => pause(attempt, 0, () => 1));
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 30_000]);
});

test('chance spreads them, and never to nothing', () => expect(pause(2, 0, () => 0)).toBe(3000));

test('never before the server wants it', () => expect(pause(0, 7)).toBe(7000));

test('a wait ends at once when it is called off', async () => {
  const hurry = new AbortController();
  const waiting = wait(60_000, hurry.signal);
  hurry.abort();
  await waiting;
  await wait(60_000, hurry.signal);
});
