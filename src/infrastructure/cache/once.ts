/** What becomes of a read: its value is made ready to be shared, or it failed. */
export interface Outcome<Value> {
  /** False: not worth keeping. */
  done(value: Value): boolean;
  failed(error: unknown): void;
}

/**
 * Reads, and keeps the promise under this name, so that the read is done once, for all who ask until it is let go; a
 * failure is kept for nobody. The oldest goes where there is no room.
 */
export const readOnce = <Name, Value>(
  kept: Map<Name, Promise<Value>>,
  room: number,
  name: Name,
  read: Promise<Value>,
  outcome: Outcome<Value>,
): Promise<Value> => {
  const forget = (): void => {
    if (kept.get(name) === reading) kept.delete(name);
  };
  const reading = read.then(
    (value) => {
      if (!outcome.done(value)) forget();
      return value;
    },
    (error: unknown) => {
      forget();
      outcome.failed(error);
      throw error;
    },
  );
  if (kept.size >= room) {
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      break;
    }
  }
  kept.set(name, reading);
  return reading;
};
