import { z } from 'zod';
import { words } from './schemas.ts';
import { keyPairAlgorithms, secretAlgorithm } from '../infrastructure/jose/algorithms.ts';

const known = [secretAlgorithm, ...keyPairAlgorithms] as const;

/** Names of supported algorithms, comma-separated. */
export const algorithms = words
  .refine((names) => names.length > 0 && names.every((name) => known.some((one) => one === name)), {
    error: `must name some of ${known.join(', ')}`,
  })
  .transform((names) => known.filter((one) => names.includes(one)));

/** A password in the URL could be logged, and `fetch` refuses such URLs. */
export const keySetUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'must not have a user name or password in it');

/** The variables about tokens that depend on each other. */
interface TokenVariables {
  readonly NODE_ENV?: string;
  readonly BETTER_AUTH_SECRET?: string;
  readonly JWKS_URL?: string;
  /** Parsed. Undefined where the value is invalid or unset. */
  readonly JWT_ALGORITHMS?: readonly string[] | undefined;
}

/**
 * Contradictions between the variables, one per line. The secret and the key set never share an algorithm: each needs
 * an algorithm of its own, and each algorithm needs a secret or a key set.
 */
export const tokenProblems = (given: TokenVariables): readonly string[] => {
  const { BETTER_AUTH_SECRET: secret, JWKS_URL: url, JWT_ALGORITHMS: algorithms } = given;
  const inProduction = given.NODE_ENV === 'production';
  const problems: string[] = [];
  if (inProduction && secret === undefined && url === undefined)
    problems.push('BETTER_AUTH_SECRET or JWKS_URL is required in production');
  if (inProduction && url !== undefined && !isSafe(url))
    problems.push('JWKS_URL must be https in production, unless it is on this machine');
  if (algorithms === undefined) return problems;

  const bySecret = algorithms.includes(secretAlgorithm);
  const byKeyPair = algorithms.some((algorithm) => algorithm !== secretAlgorithm);
  if (byKeyPair && url === undefined)
    problems.push(`JWT_ALGORITHMS must be ${secretAlgorithm} alone without a JWKS_URL`);
  if (!byKeyPair && url !== undefined)
    problems.push(`JWT_ALGORITHMS must name an algorithm besides ${secretAlgorithm} for JWKS_URL`);
  if (!bySecret && secret !== undefined)
    problems.push(`JWT_ALGORITHMS must name ${secretAlgorithm} for BETTER_AUTH_SECRET`);
  if (bySecret && secret === undefined && url !== undefined)
    problems.push(`JWT_ALGORITHMS must not name ${secretAlgorithm} without a BETTER_AUTH_SECRET`);
  return problems;
};

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether the keys cannot be replaced in transit: https or loopback. Invalid URLs are reported by {@link keySetUrl}. */
const isSafe = (url: string): boolean => {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: 'https:', hostname: '' };
  return protocol === 'https:' || loopback.test(hostname);
};
