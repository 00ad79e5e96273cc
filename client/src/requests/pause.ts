/** `setTimeout` takes a delay of 25 days or more as none. An hour is long enough to wait for anything. */
export const maxPauseMs = 3_600_000;

/** The time of an option, in milliseconds; at most 24 days, the longest that timers can wait. Throws a `RangeError` unless it is above 0. */
export const timeOf = (ms: number): number => {
  if (!(ms > 0)) throw new RangeError(`A time must be above 0, not ${ms}.`);
  return Math.min(ms, 2 ** 31 - 1);
};

/** Resolves after this time, at most an hour; sooner when the browser comes online, or when the signal is aborted. */
export const pause = (ms: number, signal: AbortSignal, wakesOnline: boolean): Promise<void> =>
  new Promise((resolve) => {
    const ended = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      ended.abort();
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, maxPauseMs));
    signal.addEventListener('abort', end, { signal: ended.signal });
    if (wakesOnline) whenOnline(end, ended.signal);
    if (signal.aborted) end();
  });

/** Calls the function whenever the browser comes online, until the signal is aborted; never in Node. */
export const whenOnline = (call: () => void, signal: AbortSignal): void => {
  const target: unknown = globalThis;
  if (target instanceof EventTarget) target.addEventListener('online', call, { signal });
};

/** Whether the browser reports that there is no network; never in Node. */
export const isOffline = (): boolean => 'onLine' in navigator && !navigator.onLine;

/** A signal that is aborted as soon as one of these is. */
export const anyOf = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined));
