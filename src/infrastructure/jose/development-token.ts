import { SignJWT } from 'jose';

/** What the service's own verifier asks of a token. */
export interface DevelopmentTokenRules {
  readonly secret: string;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** The claims that may name the user. */
  readonly userIdClaims: readonly string[];
}

/**
 * A token for a user of a development service, as its verifier wants it: HS256, good for so many seconds. Claims that
 * are given are added, or take the place of its own.
 */
export const developmentToken = (
  user: string,
  { secret, issuer, audience, userIdClaims }: DevelopmentTokenRules,
  seconds: number,
  claims: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const claim = userIdClaims.includes('sub') ? 'sub' : (userIdClaims[0] ?? 'sub');
  return new SignJWT({
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(audience === undefined ? {} : { aud: audience }),
    [claim]: user,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(`${seconds} s`)
    .sign(new TextEncoder().encode(secret));
};
