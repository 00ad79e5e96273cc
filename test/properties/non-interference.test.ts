import { expect } from 'chai';
import fc from 'fast-check';
import type { ClockAndIds } from '../../src/application/ports/clock-and-ids.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { TaskId } from '../../src/domain/task.ts';
import type { Endpoint } from '../../src/interfaces/http/routing/endpoint.ts';
import { taskEndpoints } from '../../src/interfaces/http/tasks/task-controller.ts';
import { trashEndpoints } from '../../src/interfaces/http/tasks/trash/trash-controller.ts';
import { runs, seed } from '../support/runs.ts';
import { startService, type Service, type ServiceOptions, type User } from '../support/http/service.ts';
import {
  concrete,
  learn,
  nothingKnown,
  observed,
  plainStep,
  step,
  type Concrete,
  type Step,
  type Who,
} from '../support/tasks/steps.ts';
import { instant, taskId, userId } from '../support/tasks/tasks.ts';

/** Generates ids and times for each user separately, so that they do not depend on other users. */
const perUser = (): ClockAndIds & { acting: string } => {
  const counts = new Map<string, number>();
  const next = (what: string): number => {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    return count;
  };
  const userNumbers = new Map<string, number>();
  const userNumberOf = (name: string): number => {
    const number = userNumbers.get(name) ?? Number(/\d+$/.exec(name)?.[0] ?? 0) + 1;
    userNumbers.set(name, number);
    return number;
  };
  return {
    acting: '',
    newTaskId(): TaskId {
      return taskId(userNumberOf(this.acting) * 1000 + next(`id ${this.acting}`));
    },
    // Two times in a row are equal, so that the order of equal times is tested too.
    now(): Instant {
      return instant(Math.floor(next(`now ${this.acting}`) / 2));
    },
  };
};

interface World {
  readonly service: Service;
  readonly environment: ReturnType<typeof perUser>;
}

const send = async ({ environment }: World, user: User, { method, target, headers, body }: Concrete) => {
  environment.acting = user.id;
  return user.send(method, target, { headers, ...(body === undefined ? {} : { body }) });
};

const endpointsOf = (service: Service): readonly Endpoint[] => {
  const useCases = service.get('useCases');
  return [...taskEndpoints(useCases), ...trashEndpoints(useCases)];
};

/** Random requests rarely delete a task and restore the same one, and rarely repeat a request under its key. */
const rareSteps = (endpoints: readonly Endpoint[]): readonly Step[] => {
  const plain = (who: Who, name: string): Step =>
    plainStep(
      who,
      endpoints.findIndex((endpoint) => endpoint.name === name),
    );
  const keyed = (who: Who): Step => ({ ...plain(who, 'createTask'), key: 'k0' });
  return [
    ...['createTask', 'deleteTask', 'restoreTask'].map((name) => plain('a', name)),
    ...[keyed('a'), keyed('b'), keyed('a'), keyed('b')],
  ];
};

/** Sends the steps of both users in order. Returns each request with its status and what its user can observe. */
const sendAll = async (world: World, users: Readonly<Record<Who, User>>, steps: readonly Step[]) => {
  const endpoints = endpointsOf(world.service);
  const known = { a: nothingKnown(), b: nothingKnown() };
  const names = { a: users.a.id, b: users.b.id };
  const seen: { request: Concrete; status: number; isReplayed: boolean; shown: unknown }[] = [];
  for (const one of steps) {
    const request = concrete(one, endpoints, names, known);
    const answer = await send(world, users[one.who], request);
    learn(known[one.who], answer, request);
    const isReplayed = answer.headers['idempotent-replayed'] === 'true';
    seen.push({ request, status: answer.status, isReplayed, shown: observed(answer, request) });
  }
  return seen;
};

const stores: readonly { readonly name: string; readonly options: ServiceOptions; readonly tries: number }[] =
  [
    { name: 'memory', options: {}, tries: 30 },
    { name: 'PostgreSQL', options: { store: 'PostgreSQL' }, tries: 10 },
    {
      name: 'PostgreSQL with the cache',
      options: { store: 'PostgreSQL', environment: { CACHE_MAX_OWNERS: '100' } },
      tries: 10,
    },
  ];

describe('non-interference: responses to a user do not depend on other users', () => {
  const covered = new Set<string>();
  let endpoints: readonly Endpoint[] = [];

  for (const { name, options, tries } of stores) {
    describe(`on ${name}`, function () {
      this.timeout(20_000 + runs(tries) * 2_000);
      const worlds: World[] = [];

      before(async () => {
        while (worlds.length < 2) {
          const environment = perUser();
          const service = await startService({
            ...options,
            environment: { ...options.environment, RATE_LIMIT_MAX: '100000' },
            overrides: { clockAndIds: environment },
          });
          worlds.push({ service, environment });
        }
      });
      after(() => Promise.all(worlds.map(({ service }) => service[Symbol.asyncDispose]())));

      it('given random requests of two users: the same responses as for each user alone', async () => {
        const [shared, separate] = worlds;
        endpoints = endpointsOf(shared!.service);
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
            const names = { a: userId('a'), b: userId('b') };
            const users = {
              a: await shared!.service.user(names.a),
              b: await shared!.service.user(names.b),
            };
            const seen = await sendAll(shared!, users, [...rareSteps(endpoints), ...steps]);
            for (const { request, status, isReplayed } of seen) {
              covered.add(String(status)).add(`${request.name} ${status}`);
              if (isReplayed) covered.add('replayed');
            }
            for (const who of ['a', 'b'] as const) {
              const user = await separate!.service.user(names[who]);
              for (const { request, shown } of seen.filter(({ request }) => request.who === who)) {
                expect(observed(await send(separate!, user, request), request)).to.deep.equal(
                  shown,
                  JSON.stringify(request),
                );
              }
            }
          }),
          { numRuns: runs(tries), ...seed },
        );
      });
    });
  }

  describe('coverage of the tests above', () => {
    it('given the random requests: every endpoint succeeded, and every refusal occurred', () => {
      for (const { name, success } of endpoints)
        expect(covered, name).to.include(`${name} ${success.status}`);
      expect(covered).to.include.all.keys('replayed', '304', '400', '403', '404', '405', '412', '422');
    });
  });
});
