import { parseArgs } from 'node:util';
import { parseUserId } from '../domain/user.ts';

/** What a token is to say. */
export interface TokenRequest {
  readonly user: string;
  readonly seconds: number;
  readonly claims: Readonly<Record<string, string>>;
}

export const tokenUsage = `usage: npm run token -- <user> [--expires 1h] [--claim name=value]…

  --expires  how long it is good: a number of s, m, h or d; 1h unless it is said otherwise
  --claim    one more claim, such as email=ada@example.org; may be repeated`;

/** Reads the arguments. Throws an error whose message is for people where they are no good. */
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
  if (user === undefined || others.length > 0) throw new Error('There must be one user.');
  if (parseUserId(user) === null)
    throw new Error('A user has 1 to 255 characters, and no control characters among them.');
  return {
    user,
    seconds: readSeconds(values.expires),
    claims: Object.fromEntries(values.claim.map(readClaim)),
  };
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const readSeconds = (text: string): number => {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  if (!(seconds > 0)) throw new Error('--expires must be such as 30s, 15m, 1h or 7d.');
  return seconds;
};

const readClaim = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new Error('--claim must be such as email=ada@example.org.');
  return [text.slice(0, at), text.slice(at + 1)];
};
