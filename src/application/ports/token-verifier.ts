import type { User } from '../../domain/user.ts';

/** What a token allows: `read` for GET and HEAD, `write` for everything else. */
export interface Permissions {
  readonly read: boolean;
  readonly write: boolean;
}

/** A token with a valid signature and valid claims. */
export interface Verified {
  readonly outcome: 'verified';
  readonly user: User;
  readonly permissions: Permissions;
  /** The end of the token's validity, leeway included: seconds since 1970, with a fraction. */
  readonly validUntilSeconds: number;
}

/** The result of a verification. `reason` is for the log, not for the client, and contains no part of the token. */
export type Verdict =
  | Verified
  | { readonly outcome: 'refused'; readonly reason: string }
  | {
      readonly outcome: 'unavailable';
      readonly reason: string;
      /** Seconds until another attempt makes sense; at least 1. */
      readonly retryAfterSeconds: number;
    };

/** Verifies tokens. Never rejects. `unavailable` means that the keys of the issuer cannot be fetched. */
export interface TokenVerifier {
  /** Verifies a token in the JWS compact serialization (RFC 7515, section 7.1). */
  verify(token: string): Promise<Verdict>;
}
