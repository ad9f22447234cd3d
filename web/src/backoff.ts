/** How long to wait before the next attempt. */

const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 30;

/**
 * Return milliseconds: twice as long each time, with some chance in it so that a restarted server
 * does not get everybody at once, and never before the moment that the server asks for.
 */
export function pause(attempt: number, retryAfterSeconds = 0, chance: () => number = Math.random): number {
  const seconds = Math.min(FIRST_SECONDS * 2 ** attempt, LONGEST_SECONDS) * (0.75 + chance() / 4);
  return Math.max(seconds, retryAfterSeconds) * 1000;
}

/** Wait, or until the signal is aborted. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
