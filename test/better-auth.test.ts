import { expect } from 'chai';
import { z } from 'zod';
import { startBetterAuth, type BetterAuth } from './support/tokens/better-auth.ts';
import { taskOf, tasksOf } from './support/http/response-schemas.ts';

const signUpBody = z.object({ user: z.object({ id: z.string() }) });
const tokenBody = z.object({ token: z.string() });

/** Signs up a user as a browser does, and fetches a token. */
const signUp = async (issuer: string, name: string) => {
  const email = `${name.toLowerCase()}@example.org`;
  const answer = await fetch(`${issuer}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: issuer },
    body: JSON.stringify({ name, email, password: 'correct horse battery' }),
  });
  expect(answer.status).to.equal(200);
  const { user } = signUpBody.parse(await answer.json());
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  const tokenResponse = await fetch(`${issuer}/api/auth/token`, { headers: { Cookie: cookie.join('; ') } });
  const { token } = tokenBody.parse(await tokenResponse.json());
  return { id: user.id, email, token };
};

const authorized = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

const algorithmOf = (token: string): unknown =>
  z
    .object({ alg: z.string() })
    .parse(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).alg;

for (const [tokensBy, algorithm] of [
  ['key set', 'EdDSA'],
  ['secret', 'HS256'],
] as const)
  describe(`a Better Auth server, trusted through its ${tokensBy}`, function () {
    this.timeout(60_000);

    let setup: BetterAuth;
    before(async () => {
      setup = await startBetterAuth(tokensBy);
    });
    after(() => setup[Symbol.asyncDispose]());

    it(`given two users with ${algorithm} tokens: each sees only own tasks`, async () => {
      const [ada, bob] = [await signUp(setup.issuer, 'Ada'), await signUp(setup.issuer, 'Bob')];
      expect(algorithmOf(ada.token)).to.equal(algorithm);
      const { anonymous } = setup.service;
      const created = await anonymous.post('/api/tasks', { title: 'Buy milk' }, authorized(ada.token));
      const task = taskOf(created);
      expect(task).to.include({ user_id: ada.id, title: 'Buy milk' });
      const listed = await anonymous.get(`/api/${ada.id}/tasks`, authorized(ada.token));
      expect(tasksOf(listed)).to.deep.equal([task]);
      expect(tasksOf(await anonymous.get('/api/tasks', authorized(bob.token)))).to.deep.equal([]);
      expect((await anonymous.get(`/api/tasks/${task.id}`, authorized(bob.token))).status).to.equal(404);
      const me: unknown = JSON.parse((await anonymous.get('/api/me', authorized(ada.token))).text);
      expect(me).to.include({ id: ada.id, email: ada.email, display_name: 'Ada', revision: 1 });
    });

    it('given a token with an altered signature: 401', async () => {
      const { token } = await signUp(setup.issuer, 'Eve');
      const [header, payload] = token.split('.');
      const altered = `${header}.${payload}.${'A'.repeat(43)}`;
      expect((await setup.service.anonymous.get('/api/tasks', authorized(altered))).status).to.equal(401);
    });
  });
