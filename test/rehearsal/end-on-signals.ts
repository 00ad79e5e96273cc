import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Work {
  /** Resolves once everything is started; rejects if the start fails. */
  readonly starting: Promise<unknown>;
  /** Makes the start fail soon. */
  readonly abort: () => Promise<void>;
  /** Disposes of everything that has been started. */
  readonly opened: AsyncDisposableStack;
}

/** On a signal, stops everything that was started and exits. Disposing removes the listeners. */
export const endOnSignals = ({ starting, abort, opened }: Work): Disposable => {
  const end = (signal: NodeJS.Signals): void => {
    console.log(`${signal}: stopping all processes.`);
    // Repeated, because the start may be between two programs.
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
