import { SignJWT, type JWTPayload } from 'jose';

/** What the services of the tests verify tokens with. */
export const testSecret = 'a secret for tests alone, of more than 32 bytes';

/** A good token for a user: `sub`, good for an hour. Claims that are given are added, or take the place of these. */
export const tokenFor = (user: string, claims: JWTPayload = {}): Promise<string> =>
  signed({ sub: user, iat: seconds(), exp: seconds() + 3600, ...claims });

/** A token with these claims alone. */
export const signed = (claims: JWTPayload, secret = testSecret): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));

const seconds = (): number => Math.floor(Date.now() / 1000);
