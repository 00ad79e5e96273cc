import { SignJWT, type JWTPayload } from 'jose';

/** The secret of the services under test. */
export const testSecret = 'a secret for tests alone, of more than 32 bytes';

/** A token for a user, valid for an hour. `claims` are added to the default claims or override them. */
export const tokenFor = (user: string, claims: JWTPayload = {}): Promise<string> =>
  signed({ sub: user, iat: seconds(), exp: seconds() + 3600, ...claims });

/** A token with exactly these claims. */
export const signed = (claims: JWTPayload, secret = testSecret): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));

const seconds = (): number => Math.floor(Date.now() / 1000);
