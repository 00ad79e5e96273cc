import type { Owner } from '../../domain/user.ts';

/** A token that is whose it says. */
export interface Verified {
  readonly outcome: 'verified';
  readonly owner: Owner;
  /** From when on the token is no longer good, all leeway included; in seconds since 1970, with a fraction. */
  readonly validUntilSeconds: number;
}

/** What a token proves. A refusal's reason is for the log, never for the client, and holds nothing of the token. */
export type Verdict =
  | Verified
  | { readonly outcome: 'refused'; readonly reason: string }
  | {
      readonly outcome: 'unavailable';
      readonly reason: string;
      /** In how many seconds another try makes sense; 1 or more. */
      readonly retryAfterSeconds: number;
    };

/** Tells whose token it is. Never rejects; `unavailable` means that the keys cannot be had at the moment. */
export interface TokenVerifier {
  verify(token: string): Promise<Verdict>;
}
