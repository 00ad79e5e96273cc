import { hash } from 'node:crypto';
import { isFingerprint, type Fingerprint } from '../../domain/idempotency/keyed-request.ts';

/** A hash of what has to be the same in every request with one idempotency key. */
export const toFingerprint = (content: string | Buffer): Fingerprint => {
  const fingerprint = hash('sha256', content);
  if (!isFingerprint(fingerprint)) throw new Error(`${fingerprint} is no SHA-256`);
  return fingerprint;
};
