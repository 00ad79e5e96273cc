import { jwtVerify } from 'jose';
import { z } from 'zod';
import { accessTokenSeconds, clientAddressHeader, type Auth, type AuthOptions } from './better-auth.ts';
import { Problem } from './problem.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface NewUser extends Credentials {
  readonly name: string;
}

/** What a sign-in returns. `token` is the access token under another name that frontends use. */
export interface SignedIn {
  readonly access_token: string;
  readonly token: string;
  /** The session of Better Auth: the signed value of its cookie. */
  readonly refresh_token: string;
  readonly token_type: 'bearer';
  readonly expires_in: number;
  readonly user: User;
}

interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

const userBody = z.object({ user: z.object({ id: z.string(), email: z.string(), name: z.string() }) });
const failure = z.object({ code: z.string().default(''), message: z.string().default('') });
const claims = z.object({ sub: z.string(), sid: z.string(), email: z.string(), name: z.string() });

/** Sign-up, sign-in, refresh and sign-out by tokens instead of cookies. All methods throw a {@link Problem}. */
export const createSessions = (auth: Auth, { origin, secret, tokensBy }: AuthOptions) => {
  /** Calls a path of Better Auth as a client does, so that its rules and limits hold. */
  const call = (path: string, address: string, init: RequestInit): Promise<Response> => {
    const request = new Request(`${origin}/api/auth${path}`, init);
    request.headers.set(clientAddressHeader, address);
    return auth.handler(request);
  };

  const enter = async (path: string, address: string, body: Credentials): Promise<SignedIn> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await call(path, address, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw await problemOf(response, () => isTaken(body.email));
    const { user } = userBody.parse(await response.json());
    const { name } = (await auth.$context).authCookies.sessionToken;
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
    return signedIn(/=([^;]*)/.exec(cookie ?? '')?.[1] ?? '', user);
  };

  const isTaken = async (email: string): Promise<boolean> =>
    (await (await auth.$context).internalAdapter.findUserByEmail(email.toLowerCase())) !== null;

  const cookieOf = async (refreshToken: string): Promise<Headers> => {
    if (!/^[\w.%-]+$/.test(refreshToken)) throw new Problem('unauthenticated');
    return new Headers({ Cookie: `${(await auth.$context).authCookies.sessionToken.name}=${refreshToken}` });
  };

  const signedIn = async (refreshToken: string, { id, email, name }: User): Promise<SignedIn> => {
    const { token } = await auth.api.getToken({ headers: await cookieOf(refreshToken) });
    return {
      access_token: token,
      token,
      refresh_token: refreshToken,
      token_type: 'bearer',
      expires_in: accessTokenSeconds,
      user: { id, email, name },
    };
  };

  const verify = async (accessToken: string) => {
    const payload =
      tokensBy === 'key set'
        ? (await auth.api.verifyJWT({ body: { token: accessToken } })).payload
        : await jwtVerify(accessToken, Buffer.from(secret), { issuer: origin, audience: origin }).then(
            (verified) => verified.payload,
            () => null,
          );
    return claims.safeParse(payload).data;
  };

  /** The claims of an access token and the token of its session. Throws where the session has ended. */
  const sessionOf = async (accessToken: string) => {
    const payload = await verify(accessToken);
    if (payload === undefined) throw new Problem('unauthenticated');
    const sessions = await (await auth.$context).internalAdapter.listSessions(payload.sub);
    const session = sessions.find(({ id, expiresAt }) => id === payload.sid && expiresAt > new Date());
    if (session === undefined) throw new Problem('unauthenticated');
    return { ...payload, token: session.token };
  };

  return {
    signUp: (user: NewUser, address: string) => enter('/sign-up/email', address, user),
    signIn: (credentials: Credentials, address: string) => enter('/sign-in/email', address, credentials),
    user: async (accessToken: string): Promise<User> => {
      const { sub, email, name } = await sessionOf(accessToken);
      return { id: sub, email, name };
    },
    /** A new access token for the session. The refresh token stays the same. */
    refresh: async (refreshToken: string, address: string): Promise<SignedIn> => {
      const response = await call('/get-session', address, { headers: await cookieOf(refreshToken) });
      if (!response.ok) throw await problemOf(response);
      const session = userBody.nullable().parse(await response.json());
      if (session === null) throw new Problem('unauthenticated');
      return signedIn(refreshToken, session.user);
    },
    /** Ends the session of a refresh token. One that has ended is no error. */
    signOut: async (refreshToken: string): Promise<void> => {
      await auth.api.signOut({ headers: await cookieOf(refreshToken) });
    },
    /** Ends the session of an access token. */
    signOutByAccessToken: async (accessToken: string): Promise<void> => {
      const { token } = await sessionOf(accessToken);
      await (await auth.$context).internalAdapter.deleteSession(token);
    },
  };
};

export type Sessions = ReturnType<typeof createSessions>;

/** The text is the same for an unknown email and for a wrong password: it does not tell which emails have an account. */
const problemOf = async (response: Response, isTaken?: () => Promise<boolean>): Promise<Problem> => {
  const { code, message } = failure.parse(await response.json());
  if (response.status === 429) {
    const seconds = response.headers.get('X-Retry-After') ?? '60';
    const detail = `Too many attempts. Try again in ${seconds} seconds.`;
    return new Problem('rate_limited', { detail, headers: { 'Retry-After': seconds } });
  }
  if (response.status === 401) return new Problem('invalid_credentials');
  if (code.startsWith('USER_ALREADY_EXISTS')) return new Problem('email_taken');
  // Better Auth looks for the email before it creates the user: of two sign-ups at the same time, one fails here.
  if (code === 'FAILED_TO_CREATE_USER')
    return new Problem((await isTaken?.()) ? 'email_taken' : 'internal_error');
  return response.status < 500
    ? new Problem('invalid_form', { detail: message })
    : new Problem('internal_error');
};
