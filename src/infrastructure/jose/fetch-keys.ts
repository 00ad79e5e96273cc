import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import { z } from 'zod';
import { isEd25519Name } from './algorithms.ts';

/** The most that is read of an answer; real sets have a few KiB. */
const maxBytes = 256 * 1024;

// RFC 7517, section 5: what is no key, or of a kind that is not known, is to be passed over.
const keySet = z.object({ keys: z.array(z.unknown()) });
const key = z.looseObject({ kty: z.string() });
type Key = z.infer<typeof key>;

/**
 * The public keys (RFC 7517) at this URL, at no other: a redirect is a failure. Rejects where they cannot be had in
 * time, or what comes is no set of keys.
 */
export const fetchKeys = async (url: string, milliseconds: number): Promise<LocalJWKSet> => {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { Accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(milliseconds),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The answer was ${response.status}`);
  }
  const { keys } = keySet.parse(JSON.parse(await readText(response)));
  return createLocalJWKSet({
    keys: keys.flatMap((entry) => key.safeParse(entry).data ?? []).map(withoutEd25519Name),
  });
};

/** jose compares `alg` of key and token as text. Without it, an Ed25519 key is good for both names of its algorithm. */
const withoutEd25519Name = (entry: Key): Key => {
  const { alg, ...members } = entry;
  const isEd25519 = members.kty === 'OKP' && members['crv'] === 'Ed25519';
  return isEd25519 && isEd25519Name(alg) ? members : entry;
};

const readText = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`The answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks)); // skips a byte order mark, as RFC 8259, section 8.1, allows
};
