import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { readForm } from './read-form.ts';
import { Problem } from './problem.ts';
import type { NewUser, Sessions } from './sessions.ts';

export interface Action {
  readonly method: 'GET' | 'POST';
  readonly status: number;
  readonly answer: (sessions: Sessions, request: IncomingMessage) => Promise<unknown>;
}

const signUp: Action = {
  method: 'POST',
  status: 201,
  answer: async (sessions, request) =>
    sessions.signUp(read(newUser, await readForm(request)), addressOf(request)),
};

const signIn: Action = {
  method: 'POST',
  status: 200,
  answer: async (sessions, request) =>
    sessions.signIn(read(credentials, await readForm(request)), addressOf(request)),
};

const me: Action = {
  method: 'GET',
  status: 200,
  answer: (sessions, request) => sessions.user(bearerOf(request) ?? refuse()),
};

const refresh: Action = {
  method: 'POST',
  status: 200,
  answer: async (sessions, request) =>
    sessions.refresh((await refreshTokenOf(request)) ?? bearerOf(request) ?? refuse(), addressOf(request)),
};

const signOut: Action = {
  method: 'POST',
  status: 200,
  answer: async (sessions, request) => {
    const refreshToken = await refreshTokenOf(request);
    if (refreshToken !== undefined) await sessions.signOut(refreshToken);
    else await sessions.signOutByAccessToken(bearerOf(request) ?? refuse());
    return { detail: 'You are signed out.' };
  },
};

/** The last part of the paths that frontends call, below `/auth` and `/api/auth`. */
export const compatibleActions: ReadonlyMap<string, Action> = new Map([
  ['sign-up', signUp],
  ['signup', signUp],
  ['register', signUp],
  ['sign-in', signIn],
  ['signin', signIn],
  ['login', signIn],
  ['me', me],
  ['refresh', refresh],
  ['logout', signOut],
]);

/** The action of a path, or undefined where the path is not one of these. */
export const actionOf = (path: string): Action | undefined =>
  compatibleActions.get(/^(?:\/api)?\/auth\/([a-z-]+)\/?$/.exec(path)?.[1] ?? '');

/** Some frontends send the email as `username`. Anything but an object is taken as an empty one. */
const withEmail = z.preprocess((form) => {
  const { data = {} } = z.looseObject({}).safeParse(form);
  return { ...data, email: data['email'] ?? data['username'] };
}, z.looseObject({}));

const email = z.email('must be an email address');
const presentPassword = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(128, 'must have at most 128 characters');
const credentials = withEmail.pipe(z.object({ email, password: presentPassword }));

const newUser = withEmail.pipe(
  z
    .object({
      email,
      password: presentPassword.min(8, 'must have at least 8 characters'),
      name: z.string().trim().max(255).optional().catch(undefined),
      full_name: z.string().trim().max(255).optional().catch(undefined),
      username: z.string().trim().max(255).optional().catch(undefined),
    })
    .transform(({ email, password, name, full_name, username }): NewUser => ({
      email,
      password,
      name: name ?? full_name ?? (username === email ? undefined : username) ?? email.replace(/@.*/, ''),
    })),
);

/** Reads the form. Throws 422 with all problems at once. */
const read = <T>(schema: z.ZodType<T>, form: unknown): T => {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new Problem('invalid_form', { detail, errors });
};

const refreshTokenOf = async (request: IncomingMessage): Promise<string | undefined> => {
  const form = z
    .object({ refresh_token: z.string().optional(), refreshToken: z.string().optional() })
    .safeParse(await readForm(request)).data;
  return form?.refresh_token ?? form?.refreshToken;
};

const bearerOf = ({ headers }: IncomingMessage): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];

const refuse = (): never => {
  throw new Problem('unauthenticated');
};

export const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? '';
