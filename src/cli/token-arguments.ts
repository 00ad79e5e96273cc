import { parseArgs } from 'node:util';
import { parseUserId } from '../domain/user.ts';

/** The contents of the token to create. */
export interface TokenRequest {
  readonly user: string;
  readonly lifetimeSeconds: number;
  readonly claims: Readonly<Record<string, string>>;
}

export const tokenUsage = `usage: npm run token -- <user> [--expires 1h] [--claim name=value]…

  --expires  lifetime: a number followed by s, m, h or d; default 1h
  --claim    an additional claim, such as email=ada@example.org; can be repeated`;

/** Reads the arguments. Throws an error whose message can be printed if they are not valid. */
export const readTokenArguments = (args: readonly string[]): TokenRequest => {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      expires: { type: 'string', default: '1h' },
      claim: { type: 'string', multiple: true, default: [] },
    },
  });
  const [user, ...others] = positionals;
  if (user === undefined || others.length > 0) throw new Error('Exactly one user is required.');
  if (parseUserId(user) === null)
    throw new Error('The user must have 1 to 255 characters, without control characters.');
  return {
    user,
    lifetimeSeconds: readSeconds(values.expires),
    claims: Object.fromEntries(values.claim.map(readClaim)),
  };
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const readSeconds = (text: string): number => {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  if (!(seconds > 0)) throw new Error('--expires must be a duration such as 30s, 15m, 1h or 7d.');
  return seconds;
};

const readClaim = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new Error('--claim must have the form name=value, such as email=ada@example.org.');
  const name = text.slice(0, at);
  if (['exp', 'iat', 'nbf'].includes(name))
    throw new Error(`--claim must not set ${name}; --expires sets the lifetime.`);
  return [name, text.slice(at + 1)];
};
