import { isTemporary, lostConnection, TaskholdError } from './errors.ts';
import { anyOf, pause } from './pause.ts';
import { readError } from './read-response.ts';
import { backoffMs, type Settings, type TokenReason } from './settings.ts';

/** A request to the service. */
export interface Call<Result> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the address of the service, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent as JSON. Undefined: no body. */
  readonly body?: object | undefined;
  /** Reads the response. It is a part of the attempt: where the connection breaks meanwhile, the request is repeated. */
  readonly read: (response: Response) => Promise<Result>;
  readonly signal?: AbortSignal | undefined;
  /** Default: that of the client. */
  readonly maxAttempts?: number;
  /** Default: that of the client. */
  readonly timeoutMs?: number;
}

/** Sends a request, and repeats it while that is safe and may help. Rejects with a {@link TaskholdError}. */
export type Send = <Result>(call: Call<Result>) => Promise<Result>;

/** A call whose parts can be sent. Its signal is also that of the client. */
type PreparedCall<Result> = Omit<Call<Result>, 'headers' | 'body' | 'signal'> & {
  readonly headers: Headers;
  readonly body: string | null;
  readonly signal: AbortSignal;
};

export const createSend =
  (settings: Settings): Send =>
  async (givenCall) => {
    const { maxAttempts = settings.maxAttempts } = givenCall;
    const signal = anyOf(givenCall.signal, settings.signal);
    // Made before the first attempt: what cannot be sent is a TypeError at once, and no failure of the network.
    const headers = new Headers(givenCall.headers);
    const body = givenCall.body === undefined ? null : JSON.stringify(givenCall.body);
    if (body !== null) headers.set('Content-Type', 'application/json');
    const call = { ...givenCall, signal, headers, body };
    const end = performance.now() + settings.maxElapsedMs;
    let isUncertain = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOf(call, settings);
      } catch (error) {
        // First: the reason may be a TaskholdError too, but it is the app's, and describes no attempt.
        signal.throwIfAborted();
        if (!(error instanceof TaskholdError)) throw error;
        isUncertain ||= error.isUncertain && call.method !== 'GET';
        error.isUncertain = isUncertain;
        // Without a key only a write that was surely not done is repeated.
        const isSafe = !isUncertain || headers.has('Idempotency-Key');
        const delay = (error.retryAfterMs ?? 0) + backoffMs(attempt, settings.retryDelayMs);
        const isLast = attempt >= maxAttempts || performance.now() + delay > end;
        if (isLast || !isSafe || !isTemporary(error)) throw error;
        await pause(delay, signal, error.status === 0);
      }
    }
  };

/** One attempt. A refused token is replaced once. */
const attemptOf = async <Result>(call: PreparedCall<Result>, settings: Settings): Promise<Result> => {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), call.timeoutMs ?? settings.timeoutMs);
  const signal = anyOf(call.signal, timeout.signal);
  const { method, path, headers, body } = call;
  /** Also sets the header. Where it throws, nothing was sent. */
  const tokenFor = async (reason: TokenReason): Promise<string> => {
    const aborted = Promise.withResolvers<string>();
    const abort = (): void => aborted.resolve('');
    signal.addEventListener('abort', abort);
    try {
      const token = await Promise.race([settings.token(reason), aborted.promise]);
      signal.throwIfAborted();
      headers.set('Authorization', `Bearer ${token}`);
      return token;
    } catch (cause) {
      throw new TaskholdError(
        { status: 0, code: 'token_failed', detail: 'There is no token of the user.' },
        { cause },
      );
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
  const fetchOnce = () => settings.fetch(new URL(path, settings.url), { method, headers, body, signal });
  try {
    signal.throwIfAborted();
    const token = await tokenFor('request');
    let response = await fetchOnce();
    if (response.status === 401) {
      const refused = await readError(response);
      // Another request may have led to a new token meanwhile.
      const isSame = (await tokenFor('request')) === token;
      if (isSame && (await tokenFor('refused')) === token) throw refused;
      response = await fetchOnce();
    }
    if (!response.ok) throw await readError(response);
    return await call.read(response);
  } catch (error) {
    if (error instanceof TaskholdError) throw error;
    throw lostConnection(timeout.signal.aborted, error);
  } finally {
    clearTimeout(timer);
  }
};
