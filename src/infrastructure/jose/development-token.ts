import { SignJWT } from 'jose';

/** A token for a user of a development service: HS256, with `sub`, good for so many seconds. */
export const developmentToken = (user: string, secret: string, seconds: number): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(`${seconds} s`)
    .sign(new TextEncoder().encode(secret));
