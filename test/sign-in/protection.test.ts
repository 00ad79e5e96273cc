import { expect } from 'chai';
import { sendRaw } from '../support/http/raw-http.ts';
import { formClient, signedIn } from '../support/tokens/form-client.ts';
import { startSignIn, type SignIn } from '../support/tokens/sign-in.ts';
import { timed } from '../support/until.ts';

const password = 'correct horse battery';

describe('the protection of the sign-in', function () {
  this.timeout(120_000);

  let signIn: SignIn;
  let send: ReturnType<typeof formClient>;
  before(async () => {
    signIn = await startSignIn();
    send = formClient(signIn.origin);
  });
  after(() => signIn[Symbol.asyncDispose]());

  it('given sign-ins with an unknown email and with a wrong password: they take the same time', async () => {
    const email = 'timed@example.org';
    await send('/auth/signup', { json: { email, password } });
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const attempt = async (kind: 'known' | 'unknown'): Promise<void> => {
      const json = { email: kind === 'known' ? email : 'nobody@example.org', password: 'a wrong one' };
      const [{ status }, milliseconds] = await timed(() => send('/auth/login', { json }));
      expect(status).to.equal(401);
      times[kind].push(milliseconds);
    };
    // In turns, so that a busy moment of the machine is in both.
    for (let n = 0; n < 15; n += 1) for (const kind of ['known', 'unknown'] as const) await attempt(kind);
    // A password takes about 30 ms or more to verify, and a query about 1 ms: without the work, the factor is far above 2.
    const [known, unknown] = [medianOf(times.known), medianOf(times.unknown)];
    expect(Math.max(known, unknown) / Math.min(known, unknown), `${known} and ${unknown} ms`).to.be.below(2);
  });

  it('given a password: the database holds a salted hash of scrypt, and no text of it', async () => {
    const { user } = signedIn.parse(
      (await send('/auth/signup', { json: { email: 'stored@example.org', password } })).json,
    );
    const { rows } = await signIn.database.query<{ password: string }>(
      'SELECT password FROM account WHERE "userId" = $1',
      [user.id],
    );
    expect(rows).to.have.lengthOf(1);
    expect(rows[0]?.password).to.match(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  });

  it('given the tables of Better Auth: they are in a schema of their own', async () => {
    const { rows } = await signIn.database.query(
      "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_name IN ('user', 'session')",
    );
    expect(rows).to.deep.equal([{ table_schema: 'sign_in' }]);
  });

  for (const [origin, isAllowed] of [
    ['http://localhost:5173', true],
    ['http://127.0.0.1:4200', true],
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['null', false],
  ] as const)
    it(`given a page of ${origin}: it may ${isAllowed ? '' : 'not '}sign in`, async () => {
      const headers = { Origin: origin };
      const preflight = await send('/api/auth/login', {
        method: 'OPTIONS',
        headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
      });
      expect(preflight.status).to.equal(204);
      const answer = await send('/api/auth/login', { headers, json: {} });
      for (const response of [preflight, answer]) {
        expect(response.headers.get('vary')).to.equal('Origin');
        expect(response.headers.get('access-control-allow-origin')).to.equal(isAllowed ? origin : null);
      }
    });

  it('given the page at localhost, its other name: it may use the cookie of Better Auth', async () => {
    const headers = { Origin: signIn.origin.replace('127.0.0.1', 'localhost'), Cookie: 'any=1' };
    const json = { email: 'page@example.org', password, name: 'Ada' };
    expect((await send('/api/auth/sign-up/email', { headers, json })).status).to.equal(200);
  });

  it('given a page of another port: it may not use the cookie of Better Auth', async () => {
    const headers = { Origin: 'http://localhost:5173' };
    const answer = await send('/api/auth/get-session', { method: 'OPTIONS', headers });
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
  });

  it('given a client that leaves in the middle of its body: other requests are answered', async () => {
    const { port } = new URL(signIn.origin);
    const head = 'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    await sendRaw(Number(port), `${head}Content-Length: 100\r\n\r\n{`, {
      then: (socket) => socket.destroy(),
    });
    expect((await send('/auth/login', { json: {} })).status).to.equal(422);
  });

  it('given any response: the security headers, and no X-Powered-By', async () => {
    for (const path of ['/', '/nothing', '/auth/me', '/api/auth/jwks', '/api/tasks', '/health']) {
      const { headers } = await fetch(signIn.origin + path);
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('x-frame-options'), path).to.equal('DENY');
      expect(headers.get('x-request-id'), path).to.be.a('string');
      expect(headers.get('content-security-policy'), path).to.include("frame-ancestors 'none'");
      expect(headers.has('x-powered-by'), path).to.equal(false);
    }
  });
});

describe('the rate limit of the sign-in', function () {
  this.timeout(60_000);

  const attempts = 3;
  let signIn: SignIn;
  let send: ReturnType<typeof formClient>;
  before(async () => {
    signIn = await startSignIn({ attemptsPerMinute: attempts });
    send = formClient(signIn.origin);
  });
  after(() => signIn[Symbol.asyncDispose]());

  it('given 30 times as many refreshes: 429', async () => {
    const refresh = () => send('/auth/refresh', { json: { refresh_token: 'x.y' } });
    for (let n = 0; n < 30 * attempts; n += 1) expect((await refresh()).status).to.equal(401);
    expect((await refresh()).json).to.include({ code: 'rate_limited' });
  });

  for (const paths of [
    ['/auth/login', '/api/auth/signin', '/api/auth/sign-in/email'],
    ['/auth/register', '/api/auth/signup', '/api/auth/sign-up/email'],
  ])
    it(`given ${attempts} attempts at ${paths[0]}: 429 on all of its paths, with the seconds to wait`, async () => {
      const json = { email: 'ada@example.org', password: 'a wrong one', name: 'Ada' };
      const statuses: number[] = [];
      for (let n = 0; n < attempts; n += 1) statuses.push((await send(paths[0]!, { json })).status);
      expect(statuses).not.to.include(429);
      for (const path of paths) {
        const refused = await send(path, {
          json,
          headers: { 'X-Forwarded-For': '203.0.113.9', 'X-Client-Address': '203.0.113.9' },
        });
        expect(refused.status, path).to.equal(429);
      }
      const refused = await send(paths[0]!, { json });
      expect(refused.json).to.include({ code: 'rate_limited', status: 429 });
      expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    });
});

const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
