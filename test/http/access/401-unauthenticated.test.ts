import { expect } from 'chai';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { absentId, kept, perform, targetOf, taskRequests } from '../../support/tasks/task-requests.ts';
import { signed, tokenFor } from '../../support/tokens/tokens.ts';

const challenge = 'Bearer realm="taskhold"';

const withoutToken: readonly (readonly [what: string, header: string | undefined])[] = [
  ['no header', undefined],
  ['an empty header', ''],
  ['another scheme', 'Basic dXNlcjpwYXNz'],
  ['a token without a scheme', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
  ['the scheme alone', 'Bearer'],
  ['a scheme that starts with Bearer', 'Bearerx abc'],
  ['the scheme Digest', 'Digest username="x"'],
];

const withBadToken: readonly (readonly [what: string, header: (token: string) => string])[] = [
  ['text that is not a token', () => 'Bearer nonsense'],
  ['a token with an additional letter', (token) => `Bearer ${token}x`],
  ['a token without its signature', (token) => `Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`],
  ['two tokens', (token) => `Bearer ${token} ${token}`],
  ['two tokens separated by a comma', (token) => `Bearer ${token}, ${token}`],
  ['two schemes', (token) => `Bearer Bearer ${token}`],
  ['a token in quotes', (token) => `Bearer "${token}"`],
  ['a token and a parameter', (token) => `Bearer ${token};a=b`],
  ['dots only', () => 'Bearer ..'],
];

describeInMemory('401 unauthenticated', (service) => {
  for (const [what, header] of withoutToken) {
    it(`given ${what}: WWW-Authenticate has the realm and no error`, async () => {
      const headers = header === undefined ? {} : { Authorization: header };
      const answer = await service().anonymous.get('/api/tasks', { headers });
      expect(answer.status).to.equal(401);
      expect(problemOf(answer).code).to.equal('unauthenticated');
      expect(answer.headers['www-authenticate']).to.equal(challenge);
      expect(answer.headers['vary']).to.match(/\bAuthorization\b/);
    });
  }

  for (const [what, header] of withBadToken) {
    it(`given ${what}: error="invalid_token"`, async () => {
      const { token } = await service().user();
      const answer = await service().anonymous.get('/api/tasks', {
        headers: { Authorization: header(token) },
      });
      expect(answer.status).to.equal(401);
      expect(problemOf(answer).code).to.equal('unauthenticated');
      expect(answer.headers['www-authenticate']).to.equal(`${challenge}, error="invalid_token"`);
    });
  }

  it('given an expired token, or one signed with another secret: error="invalid_token"', async () => {
    const past = Math.floor(Date.now() / 1000) - 60;
    const tokens = [
      await tokenFor('user', { exp: past }),
      await signed({ sub: 'user', exp: past + 3600 }, 'another secret of thirty-two bytes and more'),
    ];
    for (const token of tokens) {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await service().anonymous.get('/api/tasks', { headers });
      expect(answer.status).to.equal(401);
      expect(answer.headers['www-authenticate']).to.equal(`${challenge}, error="invalid_token"`);
    }
  });

  for (const scheme of ['bearer', 'BEARER', 'bEaReR', 'Bearer  ']) {
    it(`given the scheme ${JSON.stringify(scheme)} and a valid token: 200`, async () => {
      const { token } = await service().user();
      const headers = { Authorization: `${scheme} ${token}` };
      expect((await service().anonymous.get('/api/tasks', { headers })).status).to.equal(200);
    });
  }

  it('given a token in the query, a cookie or the body: 401, and the token is not logged', async () => {
    const { token } = await service().user();
    const answer = await service().anonymous.post(
      `/api/tasks?access_token=${token}&token=${token}&authorization=Bearer%20${token}`,
      { title: 'x', access_token: token },
      { headers: { Cookie: `access_token=${token}; better-auth.session_token=${token}` } },
    );
    expect(answer.status).to.equal(401);
    expect(JSON.stringify(service().observations)).not.to.include(token);
  });

  for (const [first, second] of [
    ['valid', 'valid'],
    ['valid', 'Bearer nonsense'],
    ['valid', 'Basic dXNlcjpwYXNz'],
    ['Basic dXNlcjpwYXNz', 'valid'],
    ['Bearer nonsense', 'valid'],
    ['valid', ''],
  ] as const) {
    it(`given two Authorization headers (${first}, then ${second}): 401`, async () => {
      const { token } = await service().user();
      const fields = [first, second].map(
        (value) => `Authorization: ${value === 'valid' ? `Bearer ${token}` : value}\r\n`,
      );
      const { answers } = await service().raw(
        `GET /api/tasks HTTP/1.1\r\nHost: a\r\n${fields.join('')}Connection: close\r\n\r\n`,
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([401]);
    });
  }

  const paths = [
    '/api',
    '/api/',
    '/api/nowhere',
    '/api/a/b/c/d',
    '/api/tasks/',
    '/api//tasks',
    '/api/%zz',
    '/api/.',
    '/%61pi/tasks',
    '/api%2Ftasks',
    '/api/tasks/tasks/tasks/tasks',
    '/api/tasks?status=nonsense',
  ];
  for (const path of paths.filter((path) => path !== '/api%2Ftasks')) {
    it(`given ${path} without a token: 401 for every method`, async () => {
      for (const method of [
        'GET',
        'HEAD',
        'POST',
        'PUT',
        'PATCH',
        'DELETE',
        'OPTIONS',
        'TRACE',
        'PROPFIND',
        'LOCK',
      ]) {
        const answer = await service().anonymous.send(method, path);
        expect(answer.status, method).to.equal(401);
        expect(answer.headers['www-authenticate']).to.equal(challenge);
      }
    });
  }

  for (const request of taskRequests) {
    for (const scheme of urlSchemes) {
      it(`given ${request.name} without a token: 401 before precondition, body, query and Accept are checked, nothing written (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const task = await kept(user);
        const { anonymous } = service();
        const target = targetOf(user.lists[scheme], request, task.id);
        for (const options of [
          { headers: { 'If-Match': 'nonsense', Accept: 'text/html' } },
          { headers: { 'Content-Type': 'text/plain' }, body: 'x' },
          { headers: { 'Content-Type': 'application/json' }, body: '{' },
          { headers: { 'Content-Type': 'application/json' }, body: 'x'.repeat(70_000) },
          { json: { title: 'Stolen', completed: true } },
        ]) {
          const answer = await anonymous.send(request.method, `${target}?status=nonsense`, options);
          expect(answer.status).to.equal(401);
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });
    }
  }

  it('given a path outside /api without a token: not 401', async () => {
    for (const path of ['/', '/apis', '/API/tasks', '/health', '/nowhere'])
      expect((await service().anonymous.get(path)).status).not.to.equal(401);
  });

  it('given concurrent requests of two users: each writes only own tasks; given no token afterwards: 401', async () => {
    const [anna, ben] = [await service().user(), await service().user()];
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => (n % 2 ? anna : ben).post('/api/tasks', { title: 'x' })),
    );
    const bad = await service().anonymous.get(`/api/tasks/${absentId}`);
    expect(bad.status).to.equal(401);
    for (const user of [anna, ben])
      expect(new Set(tasksOf(await user.get('/api/tasks')).map((task) => task.user_id))).to.deep.equal(
        new Set([user.id]),
      );
  });

  it('given a task created by one user: the list of another user stays empty', async () => {
    const [anna, ben] = [await service().user(), await service().user()];
    const request = taskRequests.find(({ name }) => name === 'create');
    if (request === undefined) throw new Error('no create');
    await perform(anna, anna.lists.own, request, '');
    expect(tasksOf(await ben.get(ben.lists.own))).to.deep.equal([]);
  });
});
