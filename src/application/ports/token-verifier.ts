import type { Owner } from '../../domain/user.ts';

/** A token whose signature and claims are good. */
export interface Verified {
  readonly outcome: 'verified';
  readonly owner: Owner;
  /** From when on the token is no longer good, all leeway included; in seconds since 1970, with a fraction. */
  readonly validUntilSeconds: number;
}

/** The result of a check. The reason of a refusal is for the log, never for the client, and has nothing of the token. */
export type Verdict =
  | Verified
  | { readonly outcome: 'refused'; readonly reason: string }
  | {
      readonly outcome: 'unavailable';
      readonly reason: string;
      /** Seconds until another attempt makes sense; at least 1. */
      readonly retryAfterSeconds: number;
    };

/** Checks tokens. Never rejects; `unavailable` means that the keys of the issuer cannot be fetched. */
export interface TokenVerifier {
  verify(token: string): Promise<Verdict>;
}
