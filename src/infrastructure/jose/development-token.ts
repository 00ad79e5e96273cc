import { SignJWT } from 'jose';

/** The verification rules that the token must satisfy. */
interface DevelopmentTokenRules {
  readonly secret: string;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** The claims that may name the user. */
  readonly userIdClaims: readonly string[];
}

/**
 * Creates a token (HS256) that a development service accepts, valid for this many seconds. `claims` are added, and replace
 * claims of the same name.
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
