import { expect } from 'chai';
import { z } from 'zod';
import type { Answer } from '../support/http/http-client.ts';
import { runs } from '../support/runs.ts';
import { startService, type Service, type User } from '../support/http/service.ts';

const task = z.object({ id: z.string(), title: z.string(), completed: z.boolean(), revision: z.number() });
type Task = z.infer<typeof task>;
const tasksOf = (answer: Answer): Task[] => z.array(task).parse(JSON.parse(answer.text));
const taskOf = (answer: Answer): Task => task.parse(JSON.parse(answer.text));

/** Numbers that look random and are the same in every run. */
const numbers = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647);

interface Written {
  /** Every revision that an answer of 200 or 201 showed. */
  readonly revisions: number[];
  /** What the list must be, by id: the last write that was acknowledged to the only writer of a task. */
  readonly tasks: Map<string, Task>;
  removed: number;
  /** Answers of 412: each is a race that was lost, and took nothing along. */
  refused: number;
}

/** One writer's storm over tasks that are its own, with conditional writes that race against a second request. */
const storm = async (user: User, seed: number, steps: number): Promise<Written> => {
  const random = numbers(seed);
  const written: Written = { revisions: [], tasks: new Map(), removed: 0, refused: 0 };
  const keep = (answer: Answer): void => {
    const kept = taskOf(answer);
    written.revisions.push(kept.revision);
    written.tasks.set(kept.id, kept);
  };
  const any = (): Task | undefined => [...written.tasks.values()][random() % Math.max(written.tasks.size, 1)];

  for (let n = 0; n < steps; n += 1) {
    const target = any();
    const choice = random() % 10;
    if (target === undefined || choice < 3) {
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
    name: 'PostgreSQL behind the cache',
    options: { store: 'PostgreSQL', environment: { CACHE_MAX_OWNERS: '100' } },
  },
] as const;

describe('a storm of writes', () => {
  for (const { name, options } of stores) {
    describe(`on ${name}`, function () {
      this.timeout(60_000 + runs(1) * 5_000);
      let service: Service;
      before(async () => {
        service = await startService(options);
      });
      after(() => service[Symbol.asyncDispose]());

      for (const owners of [1, 3]) {
        it(`by 6 writers of ${owners} ${owners === 1 ? 'user' : 'users'} loses nothing and doubles nothing`, async () => {
          const users = await Promise.all(Array.from({ length: owners }, () => service.user()));
          let over = false;
          const readers = users.map((user) => watch(user, () => over));
          const steps = 20 * runs(1);
          const storms = await Promise.all(
            Array.from({ length: 6 }, async (_, n) => {
              const user = users[n % owners]!;
              return { user, written: await storm(user, n + 1, steps) };
            }),
          );
          over = true;
          await Promise.all(readers);

          for (const user of users) {
            const own = storms.filter((one) => one.user === user).map(({ written }) => written);
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

const byId = (tasks: readonly Task[]): Task[] => [...tasks].sort((a, b) => a.id.localeCompare(b.id));

/** Polls the list: what turns up must be newer than everything that was seen before. */
const watch = async (user: User, isOver: () => boolean): Promise<void> => {
  let highest = 0;
  let known = new Map<string, number>();
  while (!isOver()) {
    const seen = tasksOf(await user.get('/api/tasks'));
    for (const { id, revision } of seen) {
      if (known.get(id) !== revision) expect(revision, 'a task that turned up').to.be.above(highest);
    }
    known = new Map(seen.map(({ id, revision }) => [id, revision]));
    highest = Math.max(highest, ...known.values());
  }
};
