import { parseIdempotencyKey, type IdempotencyKey } from '../../../domain/idempotency/idempotency-key.ts';
import type { Fingerprint } from '../../../domain/idempotency/keyed-request.ts';
import { toFingerprint } from '../../task-representation/fingerprint.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Context } from './request-state.ts';

/** A string of RFC 8941, section 3.3.3, without its quotation marks. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/**
 * The key in `Idempotency-Key`, as it is or as a string of RFC 8941; undefined where there is none. Throws
 * `malformed_request`, also where the header is repeated: Node joins the values by a comma and a space, which no key has.
 */
export const readIdempotencyKey = (header: string | string[] | undefined): IdempotencyKey | undefined => {
  if (header === undefined) return undefined;
  const text = String(header);
  const parsed = parseIdempotencyKey(text.startsWith('"') ? unquote(text) : text);
  if (!parsed.ok) throw new HttpProblem('malformed_request', `Idempotency-Key ${parsed.problem}.`);
  return parsed.value;
};

/** The empty string, which is no key, where the text is no string of RFC 8941. */
const unquote = (text: string): string => (quoted.exec(text)?.[1] ?? '').replaceAll(/\\(["\\])/g, '$1');

/**
 * A hash of what has to be the same in every request with one key: the method, the path as it was sent, without its query,
 * `If-Match`, and the decompressed bytes of the body.
 */
export const fingerprintOf = (
  ctx: Pick<Context, 'method' | 'originalUrl' | 'req'>,
  body: Buffer,
): Fingerprint => {
  const [path] = ctx.originalUrl.split('?', 1);
  // The end of a JSON array is clear, so that no two requests have the same bytes.
  const head = JSON.stringify([ctx.method, path, ctx.req.headers['if-match'] ?? null]);
  return toFingerprint(body.length === 0 ? head : Buffer.concat([Buffer.from(head), body]));
};
