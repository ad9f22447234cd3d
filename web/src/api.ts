/** The website channel of the gateway, over HTTP. */

import type { Exchange, Feedback, Pending, Session } from './contract';

const TIMEOUT_MS = 60_000;

/** A request that failed. `status` is 0 when no answer came at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** What the server says of it, for the visitor; empty when it says nothing. */
    readonly explanation = '',
    readonly retryAfterSeconds = 0,
  ) {
    super(explanation || `HTTP ${status}`);
  }

  /** The token is not known (any more). */
  get isStale(): boolean {
    return this.status === 401;
  }

  /** The server will never take this request; sending it again does not help. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && ![401, 403, 404, 408, 429].includes(this.status);
  }
}

export class Api {
  constructor(private readonly server: string) {}

  start(topic: string | null, lang: string, signal: AbortSignal): Promise<Session> {
    return this.#json('POST', 'session', { body: { topic, lang }, signal });
  }

  send(token: string, message: Pending, signal: AbortSignal): Promise<Exchange> {
    return this.#json('POST', 'messages', { token, body: message, signal });
  }

  async history(token: string, signal: AbortSignal): Promise<Exchange[]> {
    return (await this.#json<{ exchanges: Exchange[] }>('GET', 'messages', { token, signal })).exchanges;
  }

  async rate(token: string, id: string, feedback: Feedback): Promise<void> {
    await this.#request('POST', 'feedback', { token, body: { id, text: null, ...feedback } });
  }

  async erase(token: string): Promise<void> {
    await this.#request('DELETE', 'conversation', { token });
  }

  async #json<T>(method: string, path: string, options: Options): Promise<T> {
    const response = await this.#request(method, path, options);
    return response.json().catch(() => Promise.reject(new ApiError(0)));
  }

  async #request(method: string, path: string, { token, body, signal }: Options): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${this.server}/webhooks/website/${path}`, {
      method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      credentials: 'omit',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    }).catch(() => Promise.reject(new ApiError(0)));
    if (!response.ok) throw await explained(response);
    return response;
  }
}

interface Options {
  token?: string;
  body?: unknown;
  signal?: AbortSignal;
}

async function explained(response: Response): Promise<ApiError> {
  const said: { fout?: unknown; hoe?: unknown } = await response.json().catch(() => ({}));
  const explanation = [said.fout, said.hoe].filter((each) => typeof each === 'string').join(' ');
  return new ApiError(response.status, explanation, Number(response.headers.get('Retry-After')) || 0);
}
