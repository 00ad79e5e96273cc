import type { Observation, Observer } from '../../application/ports/observer.ts';

/** How often repeated failures are counted in a line, in milliseconds. Failures that are absent for as long have ended. */
const intervalMs = 10_000;

/** More kinds of failures at the same time than these are not summarized. */
const maxKinds = 100;

type Failure = Extract<
  Observation,
  { type: 'database_error' | 'failure' | 'keys_not_fetched' | 'redis_lost' | 'token_verifier_unavailable' }
>;

/**
 * Passes on the first of a repeated failure, with its cause. The next ones are counted in one line every 10 seconds, and in
 * a last line when they have ended. A recovery of Redis ends its failures, so that each loss is passed on. Disposing counts
 * what is left. Bugs (`internal_error`) are all passed on.
 */
export const summarizeRepeats = (observe: Observer): { readonly observe: Observer } & Disposable => {
  const kinds = new Map<string, ReturnType<typeof countRepeats>>();
  const endRedis = (): void => {
    for (const [key, repeats] of kinds) {
      if (repeats.of !== 'redis_lost') continue;
      repeats.end();
      kinds.delete(key);
    }
  };
  return {
    observe: (observation) => {
      if (!isFailure(observation)) {
        if (observation.type === 'redis_recovered') endRedis();
        observe(observation);
        return;
      }
      const key = keyOf(observation);
      const known = kinds.get(key);
      if (known !== undefined) {
        known.add();
        return;
      }
      if (kinds.size < maxKinds)
        kinds.set(
          key,
          countRepeats(nameOf(observation), observe, () => kinds.delete(key)),
        );
      observe(observation);
    },
    [Symbol.dispose]: () => {
      for (const repeats of kinds.values()) repeats.finish();
      kinds.clear();
    },
  };
};

const countRepeats = (of: string, observe: Observer, ended: () => void) => {
  let [count, total] = [0, 0];
  const report = (isOver: boolean): void => {
    if (total > 0) observe({ type: 'repeated', of, count, total, isOver });
    count = 0;
  };
  const timer = setInterval(() => {
    const isOver = count === 0;
    report(isOver);
    if (!isOver) return;
    clearInterval(timer);
    ended();
  }, intervalMs).unref();
  return {
    of,
    add: (): void => {
      [count, total] = [count + 1, total + 1];
    },
    end: (): void => {
      clearInterval(timer);
      report(true);
    },
    finish: (): void => {
      clearInterval(timer);
      if (count > 0) report(false);
    },
  };
};

const isFailure = (observation: Observation): observation is Failure =>
  observation.type === 'failure'
    ? observation.code !== 'internal_error'
    : ['database_error', 'keys_not_fetched', 'redis_lost', 'token_verifier_unavailable'].includes(
        observation.type,
      );

/** For people: the type, and what distinguishes failures of this type. */
const nameOf = (failure: Failure): string => {
  switch (failure.type) {
    case 'failure':
      return `failure ${failure.code}`;
    case 'database_error':
      return `database_error ${failure.reason}`;
    case 'keys_not_fetched':
    case 'redis_lost':
    case 'token_verifier_unavailable':
      return failure.type;
  }
};

/** Failures of one kind have the same name and the same innermost cause, numbers aside. */
const keyOf = (failure: Failure): string => {
  const cause = 'error' in failure ? causeOf(failure.error) : failure.reason;
  return `${nameOf(failure)} ${cause}`;
};

const causeOf = (error: unknown, depth = 5): string => {
  if (!(error instanceof Error)) return typeof error;
  if (error.cause !== undefined && depth > 0) return causeOf(error.cause, depth - 1);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === '' ? error.message.slice(0, 200).replace(/\d+/g, '#') : code;
};
