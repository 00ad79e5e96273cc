import type { Branded } from '../brand.ts';
import type { IdempotencyKey } from './idempotency-key.ts';

/** A SHA-256 of all that must be the same in every request with one key: 64 hexadecimal digits, in lower case. */
export type Fingerprint = Branded<string, 'Fingerprint'>;

/** A request that may be sent again, and takes effect once. */
export interface KeyedRequest {
  readonly key: IdempotencyKey;
  readonly fingerprint: Fingerprint;
}

const sha256 = /^[0-9a-f]{64}$/;

export const isFingerprint = (text: string): text is Fingerprint => sha256.test(text);
