import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { formClient, signedIn, type FormAnswer, type FormRequest } from '../support/tokens/form-client.ts';
import { startSignIn, type SignIn } from '../support/tokens/sign-in.ts';

const password = 'correct horse battery';
const someone = () => ({ email: `${randomUUID()}@example.org`, password });

/** The problem of an answer, which names its request. */
const codeOf = ({ status, headers, json }: FormAnswer): string => {
  expect(headers.get('content-type')).to.equal('application/problem+json');
  expect(headers.get('cache-control')).to.equal('no-store');
  expect(json).to.include({ status, request_id: headers.get('x-request-id') });
  expect(json['detail']).to.be.a('string').that.is.not.empty;
  return `${status} ${String(json['code'])}`;
};

describe('the sign-in paths that frontends expect', function () {
  this.timeout(60_000);

  let signIn: SignIn;
  let send: (path: string, request?: FormRequest) => Promise<FormAnswer>;
  before(async () => {
    signIn = await startSignIn();
    send = formClient(signIn.origin);
  });
  after(() => signIn[Symbol.asyncDispose]());

  for (const base of ['/auth', '/api/auth'])
    for (const [up, into] of [
      ['sign-up', 'sign-in'],
      ['signup', 'signin'],
      ['register', 'login'],
      ['register/', 'login/'],
    ] as const)
      it(`given ${base}/${up} and ${base}/${into}: tokens of one user, and their tasks`, async () => {
        const form = someone();
        const created = await send(`${base}/${up}`, { json: { ...form, name: 'Ada' } });
        expect(created.status).to.equal(201);
        expect(created.headers.get('cache-control')).to.equal('no-store');
        expect(created.headers.getSetCookie()).to.deep.equal([]);
        const first = signedIn.parse(created.json);
        expect(first.user).to.include({ email: form.email, name: 'Ada' });
        const title = 'Buy milk';
        const task = await send('/api/tasks', { token: first.access_token, json: { title } });
        expect(task.json).to.include({ title, user_id: first.user.id });

        const entered = await send(`${base}/${into}`, { json: form });
        expect(entered.status).to.equal(200);
        const second = signedIn.parse(entered.json);
        expect(second.user).to.deep.equal(first.user);
        expect(second.token).to.equal(second.access_token);
        const { tasks } = (await send('/api/tasks', { method: 'GET', token: second.token })).json;
        expect(tasks).to.deep.equal([task.json]);
        const me = await send(`${base}/me`, { method: 'GET', token: second.access_token });
        expect([me.status, me.json]).to.deep.equal([200, first.user]);
      });

  for (const base of ['/auth', '/api/auth'])
    it(`given ${base}/refresh and ${base}/logout: a new token, and none after the sign-out`, async () => {
      const { access_token, refresh_token, user } = await signUp();
      for (const request of [
        { json: { refresh_token } },
        { json: { refreshToken: refresh_token } },
        { token: refresh_token },
      ]) {
        const refreshed = await send(`${base}/refresh`, request);
        expect(refreshed.status).to.equal(200);
        expect(signedIn.parse(refreshed.json)).to.deep.include({ refresh_token, user });
        expect(decodeJwt(String(refreshed.json['token'])).sub).to.equal(user.id);
      }
      expect((await send(`${base}/logout`, { json: { refresh_token } })).status).to.equal(200);
      expect((await send(`${base}/logout`, { json: { refresh_token } })).status).to.equal(200);
      expect(codeOf(await send(`${base}/refresh`, { json: { refresh_token } }))).to.equal(
        '401 unauthenticated',
      );
      expect(codeOf(await send(`${base}/me`, { method: 'GET', token: access_token }))).to.equal(
        '401 unauthenticated',
      );
    });

  const signUp = async () => signedIn.parse((await send('/auth/signup', { json: someone() })).json);

  it('given a sign-out by the access token: this session ends, and no other', async () => {
    const form = someone();
    const first = signedIn.parse((await send('/auth/signup', { json: form })).json);
    const second = signedIn.parse((await send('/auth/login', { json: form })).json);
    expect((await send('/auth/logout', { token: first.access_token })).status).to.equal(200);
    const refreshed = ({ refresh_token }: typeof first) => send('/auth/refresh', { json: { refresh_token } });
    expect([(await refreshed(first)).status, (await refreshed(second)).status]).to.deep.equal([401, 200]);
  });

  it('given an access token: it expires after 15 minutes', async () => {
    const { exp = 0, iat = 0 } = decodeJwt((await signUp()).access_token);
    expect(exp - iat).to.equal(900);
  });

  it('given the email as username, or a form of OAuth 2.0: 200', async () => {
    const { email: username } = await (async () => (await signUp()).user)();
    expect((await send('/auth/login', { json: { username, password } })).status).to.equal(200);
    const body = new URLSearchParams({ grant_type: 'password', username, password });
    expect((await send('/auth/login', { body })).status).to.equal(200);
  });

  for (const [names, name] of [
    [{ name: ' Ada ' }, 'Ada'],
    [{ full_name: 'Ada L.' }, 'Ada L.'],
    [{ username: 'ada' }, 'ada'],
    [{ name: 7 }, 'me'],
    [{}, 'me'],
  ] as const)
    it(`given a sign-up with ${JSON.stringify(names)}: the name is ${name}`, async () => {
      const email = `me@${randomUUID()}.example.org`;
      const { json } = await send('/auth/signup', { json: { email, password, ...names } });
      expect(signedIn.parse(json).user).to.include({ email, name });
    });

  it('given an email that is taken, in any case: 409', async () => {
    const { user } = await signUp();
    for (const email of [user.email, user.email.toUpperCase()])
      expect(codeOf(await send('/auth/register', { json: { email, password } }))).to.equal('409 email_taken');
  });

  it('given sign-ups with one email at the same time: one account, and 409 for the others', async () => {
    const json = someone();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('/auth/signup', { json })));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409, 409, 409]);
    expect((await send('/auth/login', { json })).status).to.equal(200);
  });

  it('given an unknown email, and a wrong password: the same 401', async () => {
    const { user } = await signUp();
    const [wrong, unknown] = [
      await send('/auth/login', { json: { email: user.email, password: 'a wrong one' } }),
      await send('/auth/login', { json: { email: 'nobody@example.org', password: 'a wrong one' } }),
    ];
    expect(codeOf(wrong)).to.equal('401 invalid_credentials');
    expect(codeOf(unknown)).to.equal('401 invalid_credentials');
    expect({ ...wrong.json, request_id: '' }).to.deep.equal({ ...unknown.json, request_id: '' });
  });

  for (const [what, path, json, fields] of [
    ['no member', 'signup', {}, ['email', 'password']],
    ['a bad email', 'register', { email: 'ada', password }, ['email']],
    ['a short password', 'sign-up', { email: 'a@example.org', password: 'short' }, ['password']],
    [
      'a password of 129 characters',
      'signup',
      { email: 'a@example.org', password: 'x'.repeat(129) },
      ['password'],
    ],
    ['numbers', 'login', { email: 1, password: 2 }, ['email', 'password']],
    ['an array', 'login', [], ['email', 'password']],
    ['no password', 'signin', { email: 'a@example.org' }, ['password']],
  ] as const)
    it(`given ${what} for ${path}: 422 with every problem`, async () => {
      const refused = await send(`/auth/${path}`, { json });
      expect(codeOf(refused)).to.equal('422 invalid_form');
      expect(refused.json['errors']).to.be.an('array').with.lengthOf(fields.length);
      for (const field of fields) expect(refused.json['detail']).to.include(`${field} must`);
    });

  for (const [what, request, code] of [
    ['broken JSON', { body: '{', headers: { 'Content-Type': 'application/json' } }, '400 malformed_json'],
    [
      'another media type',
      { body: 'x', headers: { 'Content-Type': 'text/plain' } },
      '415 unsupported_media_type',
    ],
    ['70,000 bytes', { json: { email: 'x'.repeat(70_000) } }, '413 body_too_large'],
    ['another method', { method: 'PUT', json: {} }, '405 method_not_allowed'],
  ] as const)
    it(`given ${what}: ${code}`, async () => {
      expect(codeOf(await send('/auth/login', request))).to.equal(code);
    });

  for (const token of [undefined, 'nonsense', 'a.b.c', 'x; other=y'])
    for (const [method, path] of [
      ['GET', '/auth/me'],
      ['POST', '/api/auth/refresh'],
      ['POST', '/auth/logout'],
    ] as const)
      it(`given ${token ?? 'no token'} for ${path}: 401`, async () => {
        const refused = await send(path, { method, ...(token === undefined ? {} : { token }) });
        expect(codeOf(refused)).to.equal('401 unauthenticated');
        expect(refused.headers.get('www-authenticate')).to.equal('Bearer realm="taskhold"');
      });
});
