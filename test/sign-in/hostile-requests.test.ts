import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { expect } from 'chai';
import { z } from 'zod';
import { formClient, type FormAnswer, type FormRequest } from '../support/tokens/form-client.ts';
import { startSignIn, type SignIn } from '../support/tokens/sign-in.ts';

const password = 'correct horse battery';
const someone = () => ({ email: `${randomUUID()}@example.org`, password, name: 'Ada' });

const hostile = { 'U+0000': 'a\0', 'a high surrogate': 'a\ud800', 'a low surrogate': '\udc00a' };

/** Forms with this text, by the fields that have it. */
const formsWith = (text: string): readonly (readonly [string, string, object])[] => [
  ...['/auth/signup', '/api/auth/sign-up/email'].flatMap((path) => [
    [path, 'name', { ...someone(), name: text }] as const,
    [path, 'password', { ...someone(), password: `${password}${text}` }] as const,
    [path, 'email', { ...someone(), email: `${text}@example.org` }] as const,
  ]),
  ['/auth/signup', 'full_name', { ...someone(), name: undefined, full_name: text }],
  ['/auth/signup', 'username', { ...someone(), name: undefined, username: text }],
  ['/auth/login', 'password', { ...someone(), password: text }],
  ['/auth/login', 'username', { username: text, password }],
  ['/auth/refresh', 'refresh_token', { refresh_token: text }],
  ['/auth/logout', 'refresh_token', { refresh_token: text }],
  ['/api/auth/sign-up/email', 'image', { ...someone(), image: text }],
  ['/api/auth/sign-in/email', 'password', { ...someone(), password: text }],
  ['/api/auth/update-user', 'name', { name: text }],
  ['/api/auth/update-user', 'image', { image: { of: [text] } }],
  ['/api/auth/reset-password', 'token', { newPassword: password, token: text }],
  ['/api/auth/revoke-session', 'token', { token: text }],
];

describe('hostile requests to the sign-in', function () {
  this.timeout(60_000);

  let signIn: SignIn;
  let cookie: string;
  let send: (path: string, request?: FormRequest) => Promise<FormAnswer>;
  before(async () => {
    signIn = await startSignIn();
    send = formClient(signIn.origin);
    const origin = { Origin: signIn.origin };
    const { headers } = await send('/api/auth/sign-up/email', { json: someone(), headers: origin });
    cookie = headers
      .getSetCookie()
      .map((line) => line.replace(/;.*/, ''))
      .join('; ');
    expect(cookie).to.include('session_token=');
  });
  after(() => signIn[Symbol.asyncDispose]());

  const { error: original } = console;
  let logged: string[];
  beforeEach(() => {
    logged = [];
    console.error = (...values: readonly unknown[]) => logged.push(values.map(String).join(' '));
  });
  afterEach(() => {
    console.error = original;
  });

  for (const [what, text] of Object.entries(hostile))
    for (const [path, field, json] of formsWith(text))
      it(`given ${what} as ${field} of ${path}: 4xx, and nothing is logged`, async () => {
        const headers = { Cookie: cookie, Origin: signIn.origin };
        expect((await send(path, { json, headers })).status).to.be.within(400, 499);
        expect(logged).to.deep.equal([]);
      });

  for (const path of ['/auth/signup', '/api/auth/sign-up/email'])
    it(`given an email at ${path} that is too long for an index: 4xx, and nothing is logged`, async () => {
      const email = `${Array.from({ length: 1_000 }, () => randomUUID()).join('')}@example.org`;
      expect((await send(path, { json: { ...someone(), email } })).status).to.be.within(400, 499);
      expect(logged).to.deep.equal([]);
    });

  for (const target of [
    '/callback/x?state=%00',
    '/reset-password/%00?callbackURL=/',
    '/verify-email?token=%00',
  ])
    it(`given ${target}: no error of the service, and nothing is logged`, async () => {
      const { status } = await fetch(`${signIn.origin}/api/auth${target}`, { redirect: 'manual' });
      expect(status).to.be.below(500);
      expect(logged).to.deep.equal([]);
    });

  for (const [what, options, status] of [
    ['TRACE', { method: 'TRACE' }, 405],
    ['a Host that is none', { headers: { Host: 'a b' } }, 200],
    ['a protocol that is none', { headers: { 'X-Forwarded-Proto': 'a b' } }, 200],
  ] as const)
    it(`given ${what}: ${status}, and nothing is logged`, async () => {
      const sent = request(`${signIn.origin}/api/auth/ok`, options).end();
      const [answer] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(sent, 'response'));
      answer.resume();
      expect(answer.statusCode).to.equal(status);
      expect(logged).to.deep.equal([]);
    });

  it('given an error of the database: 500, and one line without its details', async () => {
    await signIn.database.query('ALTER TABLE "verification" RENAME TO "other"');
    try {
      const json = { newPassword: password, token: 'x' };
      const headers = { Origin: signIn.origin };
      const failed = await send('/api/auth/reset-password', { json, headers });
      expect(failed.status).to.equal(500);
      expect(failed.json).to.include({ code: 'internal_error' });
    } finally {
      await signIn.database.query('ALTER TABLE "other" RENAME TO "verification"');
    }
    expect(logged).to.have.length(1);
    expect(logged[0]).to.match(/^The sign-in failed: .*verification.*$/);
  });
});
