import { SignJWT } from 'jose';

export const ownerName = (n: number): string => `bench-${n}`;

export const tokenFor = (user: string, secret: string): Promise<string> =>
  new SignJWT({ email: `${user}@example.com`, name: user })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime('4 h')
    .sign(new TextEncoder().encode(secret));
