import { expect } from 'chai';
import { openEvents } from '../support/events/event-reader.ts';
import { sendRaw } from '../support/http/raw-http.ts';
import { formClient, signedIn } from '../support/tokens/form-client.ts';
import { startSignIn, type SignIn } from '../support/tokens/sign-in.ts';
import { until } from '../support/until.ts';

describe('the requests that the sign-in sends on to Taskhold', function () {
  this.timeout(60_000);

  let signIn: SignIn;
  let token: string;
  before(async () => {
    signIn = await startSignIn({ store: 'PostgreSQL' });
    const json = { email: 'ada@example.org', password: 'correct horse battery' };
    token = signedIn.parse((await formClient(signIn.origin)('/auth/signup', { json })).json).token;
  });
  after(() => signIn[Symbol.asyncDispose]());

  const send = (method: string, path: string, headers: object = {}, body?: string) =>
    fetch(signIn.origin + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      body: body ?? null,
    });

  it('given a write with a key and a condition: every header arrives, and every header comes back', async () => {
    const key = { 'Idempotency-Key': 'one', 'X-Request-Id': 'mine', Origin: 'http://localhost:5173' };
    const created = await send('POST', '/api/tasks', key, '{"title":"Buy milk"}');
    expect(created.status).to.equal(201);
    const fields = Object.fromEntries(created.headers);
    expect(fields).to.include({ etag: '"1"', 'x-request-id': 'mine' });
    expect(fields).to.include({
      'access-control-allow-origin': 'http://localhost:5173',
      vary: 'Origin, Authorization',
    });
    const again = await send('POST', '/api/tasks', key, '{"title":"Buy milk"}');
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    const path = created.headers.get('location') ?? '';
    const stale = await send('PATCH', path, { 'If-Match': '"9"' }, '{"title":"x"}');
    expect([stale.status, stale.headers.get('content-type')]).to.deep.equal([
      412,
      'application/problem+json',
    ]);
    expect((await send('GET', path, { 'If-None-Match': '"1"' })).status).to.equal(304);
    expect((await send('DELETE', path)).status).to.equal(204);
    expect((await send('POST', `${path}/restore`)).status).to.equal(200);
    expect((await send('HEAD', '/api/tasks')).status).to.equal(200);
  });

  it('given an event stream: events arrive at once, and Taskhold ends the stream with its client', async () => {
    const port = Number(new URL(signIn.origin).port);
    {
      using events = await openEvents({ port, token });
      await events.untilEvents(1);
      expect(await openStreams()).to.equal(1);
      await send('POST', '/api/tasks', {}, '{"title":"Buy bread"}');
      await events.untilEvents(2);
    }
    await until('the stream has ended', async () => (await openStreams()) === 0);
  });

  const openStreams = async (): Promise<number> => {
    const { text } = await signIn.service.operations.get('/metrics');
    return Number(/^event_streams_open (\d+)$/m.exec(text)?.[1]);
  };

  it('given paths of Taskhold without a token: its documentation, its document and its health', async () => {
    for (const [path, type] of [
      ['/docs', 'text/html'],
      ['/openapi.json', 'application/json'],
      ['/health', 'application/json'],
      ['/health/ready', 'application/json'],
    ] as const) {
      const answer = await fetch(signIn.origin + path);
      expect([answer.status, answer.headers.get('content-type')?.split(';')[0]], path).to.deep.equal([
        200,
        type,
      ]);
    }
    expect((await fetch(`${signIn.origin}/api/me`)).status).to.equal(401);
  });

  it('given a body in chunks, and a field that is repeated: Taskhold gets them as they are', async () => {
    const { port } = new URL(signIn.origin);
    const head = (method: string, ...fields: readonly string[]): string =>
      [`${method} /api/tasks HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
    const authorized = `Authorization: Bearer ${token}`;
    const received = await sendRaw(
      Number(port),
      head('POST', authorized, 'Content-Type: application/json', 'Transfer-Encoding: chunked') +
        '9\r\n{"title":\r\n8\r\n"Bytes"}\r\n0\r\n\r\n' +
        head('GET', authorized, authorized),
      { answers: 2 },
    );
    expect(received.answers.map(({ status }) => status)).to.deep.equal([201, 401]);
    expect(received.answers[0]?.text).to.include('"Bytes"');
  });

  it('given an upload that Taskhold refuses before its end: 413 or 401, with the problem', async () => {
    const body = JSON.stringify({ title: 'x'.repeat(3_000_000) });
    for (const [headers, status, code] of [
      [{}, 413, 'body_too_large'],
      [{ Authorization: 'Bearer no.good.token' }, 401, 'unauthenticated'],
    ] as const)
      for (let n = 0; n < 3; n += 1) {
        const answer = await send('POST', '/api/tasks', headers, body);
        expect(answer.status).to.equal(status);
        expect(await answer.json()).to.have.property('code', code);
      }
  });

  it('given a Taskhold that does not answer: 503', async () => {
    await using alone = await startSignIn();
    await alone.service[Symbol.asyncDispose]();
    const { status, json } = await formClient(alone.origin)('/api/tasks', { method: 'GET', token });
    expect([status, json['code']]).to.deep.equal([503, 'unavailable']);
  });
});
