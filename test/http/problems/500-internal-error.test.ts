import { expect } from 'chai';
import type { Adapters } from '../../../src/bootstrap/adapters/adapters.ts';
import { TaskholdError } from '../../../src/domain/errors.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { controlledRepository } from '../../support/tasks/repositories/controlled-repository.ts';
import { problemOf } from '../../support/http/response-schemas.ts';
import { ownService, urlSchemes } from '../../support/http/suites.ts';
import { absentId, perform, taskRequests } from '../../support/tasks/task-requests.ts';

const secret = 'SELECT secret FROM tasks at /srv/taskhold/src/main.ts:1';

/** Adapters of the store whose every call throws this error. */
const failing = (error: () => unknown): Partial<Adapters> => {
  const controlled = controlledRepository(memoryTaskRepository());
  controlled.every(() => ({
    before: () => {
      throw error();
    },
  }));
  const fail = () =>
    new Promise<never>(() => {
      throw error();
    });
  return {
    tasks: controlled.tasks,
    trash: { list: fail, restore: fail, purge: fail, purgeAll: fail },
    changes: { after: fail },
  };
};

const errors: readonly (readonly [what: string, error: () => unknown])[] = [
  ['an error', () => new Error(secret)],
  [
    'an error with a status and expose, which Koa would return',
    () => Object.assign(new Error(secret), { status: 404, expose: true }),
  ],
  [
    'an error with header fields',
    () => Object.assign(new Error(secret), { headers: { 'X-Secret': secret } }),
  ],
  ['an error with a code of the file system', () => Object.assign(new Error(secret), { code: 'ENOENT' })],
  ['an error with a cause', () => new TypeError(secret, { cause: new Error(secret) })],
  ['text', () => secret],
  ['null', () => null],
  ['undefined', () => undefined],
];

for (const [what, error] of errors) {
  describe(`500 internal_error for ${what}`, () => {
    const service = ownService({ overrides: failing(error) });

    for (const request of taskRequests) {
      it(`given ${request.name}: no details in the response, and one log entry with the request id`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const answer = await perform(user, user.lists[scheme], request, absentId);
          expect(answer.status).to.equal(500);
          expect(JSON.stringify([answer.headers, answer.text])).not.to.match(/SELECT|srv|stack|\.ts/);
          if (request.method !== 'HEAD') expect(problemOf(answer).code).to.equal('internal_error');
          const requestId = answer.headers['x-request-id'];
          expect(
            service().observations.filter((seen) => seen.type === 'failure' && seen.requestId === requestId),
          ).to.have.length(1);
        }
      });
    }
  });
}

describe('503 unavailable', () => {
  const service = ownService({
    overrides: failing(
      () => new TaskholdError('unavailable', 'Try again shortly.', { cause: new Error(secret) }),
    ),
  });

  for (const request of taskRequests) {
    it(`given ${request.name}: 503 with Retry-After`, async () => {
      const user = await service().user();
      for (const scheme of urlSchemes) {
        const answer = await perform(user, user.lists[scheme], request, absentId);
        expect(answer.status).to.equal(503);
        expect(answer.headers['retry-after']).to.match(/^[1-9]\d*$/);
        expect(answer.text).not.to.include('SELECT');
        if (request.method !== 'HEAD') expect(problemOf(answer).code).to.equal('unavailable');
      }
    });
  }

  it('given a request that is refused before the store is called: its usual status', async () => {
    const user = await service().user();
    expect((await service().anonymous.get('/api/tasks')).status).to.equal(401);
    expect((await user.get('/api/somebody/tasks')).status).to.equal(403);
    expect((await user.get('/api/nowhere')).status).to.equal(404);
    expect((await user.post(user.lists.own, { title: '' })).status).to.equal(422);
    expect((await user.put(user.lists.own, {})).status).to.equal(405);
  });
});

describe('503 unavailable while the database cannot be reached', () => {
  const service = ownService({
    store: 'PostgreSQL',
    environment: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
  });

  for (const request of taskRequests) {
    it(`given ${request.name}: 503 with Retry-After, without details of the error`, async () => {
      const user = await service().user();
      const answer = await perform(user, user.lists.named, request, absentId);
      expect(answer.status).to.equal(503);
      expect(answer.headers['retry-after']).to.match(/^[1-9]\d*$/);
      expect(answer.text).not.to.match(/ECONN|127\.0\.0\.1|nobody/);
    });
  }

  it('given /health: 503 unhealthy', async () => {
    const answer = await service().anonymous.get('/health');
    expect(answer.status).to.equal(503);
    expect(JSON.parse(answer.text)).to.include({ status: 'unhealthy', service: 'taskhold' });
  });
});

describe('503 unavailable while keys cannot be fetched', () => {
  const verify = () =>
    Promise.resolve({ outcome: 'unavailable', reason: secret, retryAfterSeconds: 7 } as const);
  const service = ownService({ overrides: { verifier: { verify } } });

  it('given a token: 503 with Retry-After, without WWW-Authenticate', async () => {
    const user = await service().user();
    const answer = await user.get(user.lists.own);
    expect(answer.status).to.equal(503);
    expect(problemOf(answer).code).to.equal('unavailable');
    expect(answer.headers['retry-after']).to.match(/^[1-9]\d*$/);
    expect(answer.headers).not.to.have.property('www-authenticate');
    expect(answer.text).not.to.include('SELECT');
  });
});
