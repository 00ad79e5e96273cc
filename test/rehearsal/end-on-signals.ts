import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Work {
  /** Resolves once everything is started, and rejects where it could not be. */
  readonly starting: Promise<unknown>;
  /** Makes the start fail soon. */
  readonly abort: () => Promise<void>;
  /** All that has been started. */
  readonly opened: AsyncDisposableStack;
}

/** Ends all of it when a signal arrives, and then the process. Disposing of it removes the listeners. */
export const endOnSignals = ({ starting, abort, opened }: Work): Disposable => {
  const end = (signal: NodeJS.Signals): void => {
    console.log(`${signal}: everything that was started is stopped.`);
    // Again and again, because the start may be between two programs.
    const aborting = setInterval(() => void abort(), 200);
    void starting
      .catch(() => undefined)
      .then(() => {
        clearInterval(aborting);
        return opened.disposeAsync();
      })
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of signals) process.on(signal, end);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, end);
    },
  };
};
