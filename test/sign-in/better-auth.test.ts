import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { startSignIn, type SignIn } from '../support/tokens/sign-in.ts';
import { taskOf, tasksOf } from '../support/http/response-schemas.ts';

const signUpBody = z.object({ user: z.object({ id: z.string() }) });
const tokenBody = z.object({ token: z.string() });

/** Signs up a user as a browser does, and fetches a token. */
const signUp = async (origin: string, name: string) => {
  const email = `${name.toLowerCase()}@example.org`;
  const answer = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ name, email, password: 'correct horse battery' }),
  });
  expect(answer.status).to.equal(200);
  const { user } = signUpBody.parse(await answer.json());
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  const tokenResponse = await fetch(`${origin}/api/auth/token`, { headers: { Cookie: cookie.join('; ') } });
  const { token } = tokenBody.parse(await tokenResponse.json());
  return { id: user.id, email, token };
};

const authorized = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

for (const [tokensBy, algorithm] of [
  ['key set', 'EdDSA'],
  ['secret', 'HS256'],
] as const)
  describe(`Better Auth of the example, trusted through its ${tokensBy}`, function () {
    this.timeout(60_000);

    let signIn: SignIn;
    before(async () => {
      signIn = await startSignIn({ tokensBy, store: 'PostgreSQL' });
    });
    after(() => signIn[Symbol.asyncDispose]());

    it(`given two users with ${algorithm} tokens: each sees only own tasks`, async () => {
      const [ada, bob] = [await signUp(signIn.origin, 'Ada'), await signUp(signIn.origin, 'Bob')];
      expect(decodeProtectedHeader(ada.token).alg).to.equal(algorithm);
      const { anonymous } = signIn.service;
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
      const { token } = await signUp(signIn.origin, 'Eve');
      const [header, payload] = token.split('.');
      const altered = `${header}.${payload}.${'A'.repeat(43)}`;
      expect((await signIn.service.anonymous.get('/api/tasks', authorized(altered))).status).to.equal(401);
    });
  });
