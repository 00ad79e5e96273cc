import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import { z } from 'zod';
import { isEd25519Name } from './algorithms.ts';

/** The maximum size of a response, in bytes; usual key sets have a few KiB. */
const maxBytes = 256 * 1024;

// RFC 7517, section 5: entries that are not keys, or keys of an unknown type, are ignored.
const keySet = z.object({ keys: z.array(z.unknown()) });
/** OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2. */
const discoveryDocument = z.object({ jwks_uri: z.string() });
interface Key {
  readonly kty: string;
  readonly [member: string]: unknown;
}
const key = z.looseObject({ kty: z.string() }).transform((members): Key => {
  // Some serializers write null for a member that is absent.
  const present = Object.entries(members).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(present), kty: members.kty };
});

/**
 * Fetches the public keys (RFC 7517) at this URL without following redirects. Rejects after the timeout, for a status other
 * than 200, and for a response that is not a key set. Messages are for operators, and quote nothing of the response.
 */
export const fetchKeys = async (url: string, milliseconds: number): Promise<LocalJWKSet> => {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { Accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(milliseconds),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(
      redirects.has(response.status)
        ? 'The server redirects; redirects are not followed: set JWKS_URL to the final address'
        : `The response has status ${response.status}`,
    );
  }
  const { keys } = readKeySet(await readText(response));
  return createLocalJWKSet({
    keys: keys
      .flatMap((entry) => key.safeParse(entry).data ?? [])
      .map(withoutEd25519Name)
      .map(forVerifying),
  });
};

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const readKeySet = (text: string): z.infer<typeof keySet> => {
  const value = parseJson(text);
  const { data } = keySet.safeParse(value);
  if (data !== undefined) return data;
  throw new Error(
    discoveryDocument.safeParse(value).success
      ? 'The response is a discovery document, not a key set: set JWKS_URL to its `jwks_uri`'
      : 'The response is not a key set (no array `keys`)',
  );
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The response is not JSON'); // a SyntaxError quotes the text
  }
};

/** jose compares the `alg` of key and token as text. Without `alg`, an Ed25519 key matches both names of its algorithm. */
const withoutEd25519Name = (entry: Key): Key => {
  const { alg, ...members } = entry;
  const isEd25519 = members.kty === 'OKP' && members['crv'] === 'Ed25519';
  return isEd25519 && isEd25519Name(alg) ? members : entry;
};

/**
 * The Web Cryptography API refuses a public key that names more operations than verifying, and jose one that repeats an
 * operation. RFC 7517, section 4.3, permits `sign` together with `verify`, and some issuers publish both.
 */
const forVerifying = (entry: Key): Key => {
  const operations = entry['key_ops'];
  return Array.isArray(operations) && operations.includes('verify')
    ? { ...entry, key_ops: ['verify'] }
    : entry;
};

const readText = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`The response has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks)); // skips a byte order mark, as RFC 8259, section 8.1, allows
};
