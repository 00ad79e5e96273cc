/** A read that several callers can share. */
interface SharedRead<Value> {
  readonly read: () => Promise<Value>;
  /** Called once with the value; false where it must not be kept for later callers. */
  readonly shouldKeep: (value: Value) => boolean;
}

/**
 * Returns the value of `key`, or starts one read of it for all callers that come before it is removed. A failed read is
 * not kept. Where there are `maxEntries` already, the oldest one is removed.
 */
export const singleFlight = <Key, Value>(
  entries: Map<Key, Promise<Value>>,
  maxEntries: number,
  key: Key,
  { read, shouldKeep }: SharedRead<Value>,
): Promise<Value> => {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const remove = (): void => {
    if (entries.get(key) === reading) entries.delete(key);
  };
  const reading = read().then(
    (value) => {
      if (!shouldKeep(value)) remove();
      return value;
    },
    (error: unknown) => {
      remove();
      throw error;
    },
  );
  if (entries.size >= maxEntries) {
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      break;
    }
  }
  entries.set(key, reading);
  return reading;
};
