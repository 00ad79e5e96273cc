import { SignJWT } from 'jose';

/** What the service's own verifier asks of a token. */
export interface DevelopmentTokenRules {
  readonly secret: string;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** The claims that may name the user. */
  readonly userIdClaims: readonly string[];
}

/** A token for a user of a development service, as its verifier wants it: HS256, good for so many seconds. */
export const developmentToken = (
  user: string,
  { secret, issuer, audience, userIdClaims }: DevelopmentTokenRules,
  seconds: number,
): Promise<string> => {
  const claim = userIdClaims.includes('sub') ? 'sub' : (userIdClaims[0] ?? 'sub');
  const token = new SignJWT({ [claim]: user })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(`${seconds} s`);
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
};
