import type { Owner } from '../../domain/owner.ts';

/** What a token proves. A refusal's reason is for the log, never for the client. */
export type Verdict =
  | { readonly outcome: 'verified'; readonly owner: Owner }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** Tells whose token it is. Never rejects; `unavailable` means that the keys cannot be had at the moment. */
export interface TokenVerifier {
  verify(token: string): Promise<Verdict>;
}
