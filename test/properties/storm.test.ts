import { expect } from 'chai';
import { z } from 'zod';
import type { Answer } from '../support/http/http-client.ts';
import { runs } from '../support/runs.ts';
import { startService, type Service, type User } from '../support/http/service.ts';

const task = z.object({ id: z.string(), title: z.string(), completed: z.boolean(), revision: z.number() });
type Task = z.infer<typeof task>;
const tasksOf = (answer: Answer): Task[] => z.array(task).parse(JSON.parse(answer.text));
const taskOf = (answer: Answer): Task => task.parse(JSON.parse(answer.text));

/** Pseudo-random numbers, the same for the same seed. */
const pseudoRandom = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647);

interface Written {
  /** The revisions of all 200 and 201 responses. */
  readonly revisions: number[];
  /** The expected list by id: the last acknowledged write of each task. */
  readonly tasks: Map<string, Task>;
  removed: number;
  /** The number of 412 responses, each of a write that lost a race. */
  refused: number;
}

/**
 * Random writes of one writer to its own tasks: conditional writes that race with a second request, and writes that are
 * sent twice at once under one key.
 */
const writeRandomly = async (user: User, seed: number, steps: number): Promise<Written> => {
  const random = pseudoRandom(seed);
  const written: Written = { revisions: [], tasks: new Map(), removed: 0, refused: 0 };
  const keep = (answer: Answer): void => {
    const kept = taskOf(answer);
    written.revisions.push(kept.revision);
    written.tasks.set(kept.id, kept);
  };
  const randomTask = (): Task | undefined =>
    [...written.tasks.values()][random() % Math.max(written.tasks.size, 1)];

  for (let n = 0; n < steps; n += 1) {
    const target = randomTask();
    const choice = random() % 10;
    if (choice === 0) {
      const headers = { 'idempotency-key': `storm ${seed} ${n}`.replaceAll(' ', '-') };
      const body = { title: `keyed storm ${seed} ${n}` };
      const twins = await Promise.all([1, 2].map(() => postUntilAnswered(user, body, headers)));
      expect(twins.map(({ status }) => status)).to.deep.equal([201, 201]);
      expect(twins[0]?.text).to.equal(twins[1]?.text);
      keep(twins[0]!);
    } else if (target === undefined || choice < 3) {
      keep(await user.post('/api/tasks', { title: `storm ${seed} ${n}` }));
    } else if (choice < 5) {
      keep(await user.patch(`${user.lists.named}/${target.id}/complete`));
    } else if (choice < 6) {
      expect((await user.delete(`/api/tasks/${target.id}`)).status).to.equal(204);
      written.tasks.delete(target.id);
      written.removed += 1;
    } else {
      const headers = { 'if-match': `"${target.revision}"` };
      const race = await Promise.all(
        ['left', 'right'].map((title) => user.put(`/api/tasks/${target.id}`, { title }, { headers })),
      );
      expect(race.map(({ status }) => status).sort()).to.deep.equal([200, 412]);
      written.refused += 1;
      keep(race.find(({ status }) => status === 200)!);
    }
  }
  return written;
};

const stores = [
  { name: 'memory', options: {} },
  { name: 'PostgreSQL', options: { store: 'PostgreSQL' } },
  {
    name: 'PostgreSQL with the cache',
    options: { store: 'PostgreSQL', environment: { CACHE_MAX_OWNERS: '100' } },
  },
] as const;

describe('concurrent writes', () => {
  for (const { name, options } of stores) {
    describe(`on ${name}`, function () {
      this.timeout(60_000 + runs(1) * 5_000);
      let service: Service;
      before(async () => {
        service = await startService(options);
      });
      after(() => service[Symbol.asyncDispose]());

      for (const owners of [1, 3]) {
        it(`given 6 writers of ${owners} ${owners === 1 ? 'user' : 'users'}: no write is lost or applied twice`, async () => {
          const users = await Promise.all(Array.from({ length: owners }, () => service.user()));
          let isDone = false;
          const readers = users.map((user) => watch(user, () => isDone));
          const steps = 20 * runs(1);
          const results = await Promise.all(
            Array.from({ length: 6 }, async (_, n) => {
              const user = users[n % owners]!;
              return { user, written: await writeRandomly(user, n + 1, steps) };
            }),
          );
          isDone = true;
          await Promise.all(readers);

          for (const user of users) {
            const own = results.filter((one) => one.user === user).map(({ written }) => written);
            const revisions = own.flatMap((written) => written.revisions);
            expect(new Set(revisions).size, 'revisions are distinct').to.equal(revisions.length);
            const writes = revisions.length + own.reduce((sum, written) => sum + written.removed, 0);
            const lost = own.reduce((sum, written) => sum + written.refused, 0);
            expect(Math.max(...revisions)).to.be.at.most(writes + lost);
            const expected = own.flatMap((written) => [...written.tasks.values()]);
            const kept = tasksOf(await user.get('/api/tasks'));
            expect(byId(kept)).to.deep.equal(byId(expected));
          }
        });
      }
    });
  }
});

/** Repeats the request while the other one with its key is in progress: 409. */
const postUntilAnswered = async (
  user: User,
  body: object,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> => {
  let answer: Answer;
  do answer = await user.post('/api/tasks', body, { headers });
  while (answer.status === 409);
  return answer;
};

const byId = (tasks: readonly Task[]): Task[] => [...tasks].sort((a, b) => a.id.localeCompare(b.id));

/** Polls the list: a new or changed task must have a higher revision than all seen before. */
const watch = async (user: User, isFinished: () => boolean): Promise<void> => {
  let highest = 0;
  let known = new Map<string, number>();
  while (!isFinished()) {
    const seen = tasksOf(await user.get('/api/tasks'));
    for (const { id, revision } of seen) {
      if (known.get(id) !== revision)
        expect(revision, 'revision of a new or changed task').to.be.above(highest);
    }
    known = new Map(seen.map(({ id, revision }) => [id, revision]));
    highest = Math.max(highest, ...known.values());
  }
};
