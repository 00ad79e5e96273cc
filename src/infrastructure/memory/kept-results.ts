import type { KeyedRequest } from '../../domain/idempotency/keyed-request.ts';
import { keyReused } from '../../domain/errors.ts';
import { keyLifetimeHours, type IdempotencyKey } from '../../domain/idempotency/idempotency-key.ts';
import type { UserId } from '../../domain/user.ts';

const lifetimeMs = keyLifetimeHours * 3_600_000;

/** Does the work of a request, or returns the result that is kept for it. Throws `idempotency_key_reused`. */
type Once<Result> = (
  user: UserId,
  request: KeyedRequest,
  work: () => Result,
) => Result & { readonly isReplay?: true };

interface Spent {
  readonly fingerprint: string;
  readonly expiresAt: number;
}

/** Results of writes, by the keys of users. `now` is in milliseconds. `keep` makes a function for each kind of write. */
export const keptResults = (now: () => number) => {
  const spent = new Map<UserId, Map<IdempotencyKey, Spent>>();

  /** Only a result that has an effect is kept. */
  const keep = <Result extends object>(hasEffect: (result: Result) => boolean): Once<Result> => {
    const results = new Map<string, Result>();
    return (user, { key, fingerprint }, work) => {
      const id = `${key} ${user}`; // a key has no spaces
      const known = spent.get(user)?.get(key);
      if (known !== undefined && known.expiresAt > now()) {
        const kept = known.fingerprint === fingerprint ? results.get(id) : undefined;
        if (kept === undefined) throw keyReused();
        return { ...kept, isReplay: true };
      }
      const result = work();
      if (hasEffect(result)) {
        const ofUser = spent.get(user) ?? new Map<IdempotencyKey, Spent>();
        spent.set(user, ofUser.set(key, { fingerprint, expiresAt: now() + lifetimeMs }));
        results.set(id, result);
      }
      return result;
    };
  };
  return { keep, forget: (user: UserId): void => void spent.delete(user) };
};
