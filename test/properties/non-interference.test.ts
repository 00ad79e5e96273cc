import { expect } from 'chai';
import fc from 'fast-check';
import type { ClockAndIds } from '../../src/application/ports/clock-and-ids.ts';
import type { Instant, TaskId } from '../../src/domain/task.ts';
import type { Endpoint } from '../../src/interfaces/http/routing/endpoint.ts';
import { taskEndpoints } from '../../src/interfaces/http/tasks/task-controller.ts';
import { runs, seed } from '../support/runs.ts';
import { startService, type Service, type ServiceOptions, type User } from '../support/http/service.ts';
import {
  concrete,
  learn,
  nothingKnown,
  observed,
  step,
  type Concrete,
  type Step,
  type Who,
} from '../support/tasks/steps.ts';
import { instant, taskId, userId } from '../support/tasks/tasks.ts';

/** Mints what it mints for each user by itself, so that a user's ids and times do not tell of others. */
const perUser = (): ClockAndIds & { acting: string } => {
  const minted = new Map<string, number>();
  const next = (what: string): number => {
    const count = (minted.get(what) ?? 0) + 1;
    minted.set(what, count);
    return count;
  };
  const places = new Map<string, number>();
  const placeOf = (name: string): number => {
    const place = places.get(name) ?? Number(/\d+$/.exec(name)?.[0] ?? 0) + 1;
    places.set(name, place);
    return place;
  };
  return {
    acting: '',
    newTaskId(): TaskId {
      return taskId(placeOf(this.acting) * 1000 + next(`id ${this.acting}`));
    },
    // Two moments in a row are the same: a tie has to be broken the same way each time.
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

/** Both users' requests, as they come; returns each as it went out with what it showed. */
const together = async (world: World, users: Readonly<Record<Who, User>>, steps: readonly Step[]) => {
  const endpoints = taskEndpoints(world.service.get('useCases'));
  const known = { a: nothingKnown(), b: nothingKnown() };
  const names = { a: users.a.id, b: users.b.id };
  const seen: { request: Concrete; status: number; shown: unknown }[] = [];
  for (const one of steps) {
    const request = concrete(one, endpoints, names, known);
    const answer = await send(world, users[one.who], request);
    learn(known[one.who], answer);
    seen.push({ request, status: answer.status, shown: observed(answer) });
  }
  return seen;
};

const stores: readonly { readonly name: string; readonly options: ServiceOptions; readonly tries: number }[] =
  [
    { name: 'memory', options: {}, tries: 30 },
    { name: 'PostgreSQL', options: { store: 'PostgreSQL' }, tries: 10 },
    {
      name: 'PostgreSQL behind the cache',
      options: { store: 'PostgreSQL', environment: { CACHE_MAX_OWNERS: '100' } },
      tries: 10,
    },
  ];

describe('what a user can observe does not depend on any other user', () => {
  const met = new Set<string>();
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

      it('whatever the two of them send, in whatever order', async () => {
        const [crowded, alone] = worlds;
        endpoints = taskEndpoints(crowded!.service.get('useCases'));
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
            const names = { a: userId('a'), b: userId('b') };
            const users = {
              a: await crowded!.service.user(names.a),
              b: await crowded!.service.user(names.b),
            };
            const seen = await together(crowded!, users, steps);
            for (const { request, status } of seen) met.add(String(status)).add(`${request.name} ${status}`);
            for (const who of ['a', 'b'] as const) {
              const hermit = await alone!.service.user(names[who]);
              for (const { request, shown } of seen.filter(({ request }) => request.who === who)) {
                expect(observed(await send(alone!, hermit, request))).to.deep.equal(
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

  describe('all of that is said', () => {
    it('of every endpoint, and of every refusal', () => {
      for (const { name, success } of endpoints) expect(met, name).to.include(`${name} ${success.status}`);
      expect(met).to.include.all.keys('304', '400', '403', '404', '405', '412', '422');
    });
  });
});
