import { expect } from 'chai';
import { z } from 'zod';
import { readFile } from 'node:fs/promises';
import { checkout } from './support/processes/checkout.ts';
import { bannerOf } from './support/processes/banner.ts';
import { tasksOf, type TaskBody } from './support/http/response-schemas.ts';
import { ownService } from './support/http/suites.ts';
import { kept } from './support/tasks/task-requests.ts';
import { until } from './support/until.ts';
import { rejection } from './support/rejection.ts';

const readme = new URL('../README.md', import.meta.url);

/** The first code block in this language after the heading. */
const blockIn = (text: string, heading: string, language: string): string => {
  const section = text.slice(text.indexOf(`\n## ${heading}\n`));
  const [, block] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(section) ?? [];
  if (block === undefined) throw new Error(`No ${language} block after the heading "${heading}".`);
  return block;
};

/** Replaces ids and times, which differ in every run. */
const withoutIdsAndTimes = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

describe('the session in README.md', function () {
  this.timeout(60_000);

  it('given the commands of the session: the output printed in README.md, except ids and times', async () => {
    const text = await readFile(readme, 'utf8');
    await using project = await checkout();
    const service = await project.start();
    const { address } = await bannerOf(service);
    // Only the address in the first line is replaced, as README.md instructs.
    const script = blockIn(text, 'A session', 'bash').replace(
      /^api=http:\/\/127\.0\.0\.1:8000\b/,
      `api=${address}`,
    );
    expect(script).to.include(address);
    const session = await project.bash(script);
    expect(await session.ended, session.output()).to.equal(0);
    expect(withoutIdsAndTimes(session.output())).to.equal(
      withoutIdsAndTimes(blockIn(text, 'A session', 'text')),
    );
    service.signal('SIGTERM');
    expect(await service.ended).to.equal(0);
  });
});

/** What the code of README.md uses without declaring it. */
interface Surroundings {
  readonly session: { readonly token: string };
  readonly show: (value: unknown) => void;
  readonly signal: AbortSignal;
}

describe('the section "Your frontend" in README.md', () => {
  const service = ownService();

  /** The code as one function. Only the package and the address are replaced. */
  const loadCode = async (): Promise<(given: Surroundings) => Promise<void>> => {
    const code = blockIn(await readFile(readme, 'utf8'), 'Your frontend', 'js');
    const [imports = '', rest = ''] = code.split(/(?<='@taskhold\/client';\n)/);
    const client = new URL('../client/src/taskhold.ts', import.meta.url).href;
    expect(rest).to.include('http://127.0.0.1:8000/');
    const text =
      imports.replace('@taskhold/client', client) +
      `export const run = async ({ session, show, signal }) => {${rest.replace('http://127.0.0.1:8000', service().url)}};`;
    const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    return z.object({ run: z.custom<(given: Surroundings) => Promise<void>>() }).parse(loaded).run;
  };

  it('given the code as it is printed: a completed task, the list, and a live copy', async () => {
    const user = await service().user();
    const run = await loadCode();
    const leaving = new AbortController();
    const shown: unknown[] = [];
    await run({
      session: user,
      signal: leaving.signal,
      show: (value) => {
        shown.push(value);
        if (shown.length === 2) leaving.abort();
      },
    });
    expect(shown).to.deep.equal(['Buy milk', 1]);
    const [task] = tasksOf(await user.get('/api/tasks'));
    expect(task).to.include({ title: 'Buy milk', completed: true, priority: 'high' });
  });

  it('given a path of another user, and a form that is not valid: the problems that are printed', async () => {
    const user = await service().user();
    const text = await readFile(readme, 'utf8');
    const printed = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, block = '']) => problem(block));
    const sent = [
      await user.get('/api/somebody/tasks'),
      await user.post('/api/tasks', { title: ' ', due_date: 'soon' }),
    ].map((answer) => problem(answer.text));
    expect(printed).to.have.lengthOf(sent.length);
    for (const [index, body] of printed.entries()) expect(sent[index]).to.deep.include(body);
  });

  /** A problem, with its examples left out as README.md does. */
  const problem = (text: string): object =>
    z.looseObject({ status: z.int() }).parse(JSON.parse(text.replaceAll(/(?<=such as )[^"]*/g, '…')));
});

type Token = () => string;
interface Copy {
  since: number;
  readonly tasks: Map<string, TaskBody>;
}

describe('the functions in docs/sync.md', () => {
  const service = ownService();
  const syncModule = z.object({
    sync: z.custom<(api: string, token: Token, copy: Copy) => Promise<void>>(
      (value) => typeof value === 'function',
    ),
    follow: z.custom<
      (
        api: string,
        token: Token,
        copy: Copy,
        changed: (tasks: Copy['tasks']) => void,
        signal: AbortSignal,
      ) => Promise<void>
    >((value) => typeof value === 'function'),
  });
  const newCopy = (): Copy => ({ since: 0, tasks: new Map() });

  const loadFunctions = async () => {
    const text = await readFile(new URL('../docs/sync.md', import.meta.url), 'utf8');
    const code = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block).join('');
    const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    return syncModule.parse(loaded);
  };

  it('given writes and deletions between calls of sync: the tasks of the list', async () => {
    const user = await service().user();
    const { sync } = await loadFunctions();
    const copy = newCopy();
    const update = () => sync(`${service().url}/`, () => user.token, copy);
    await update();
    expect([copy.since, copy.tasks.size]).to.deep.equal([0, 0]);
    for (let n = 0; n < 3; n += 1) {
      const [task] = [await kept(user), await kept(user)];
      await user.delete(`/api/tasks/${task.id}`);
      await update();
      expect(copy.since).to.equal(3 * n + 3);
      expect([...copy.tasks.values()]).to.have.deep.members(tasksOf(await user.get('/api/tasks')));
    }
  });

  it('given a revision that has expired, and a failure on the way back: the tasks of the list', async () => {
    const user = await service().user();
    const { sync } = await loadFunctions();
    const copy = newCopy();
    await kept(user);
    await sync(`${service().url}/`, () => user.token, copy);
    copy.since = 99;
    let requests = 0;
    const leaving = () => {
      requests += 1;
      return requests === 1 ? user.token : 'no token';
    };
    expect(await rejection(sync(`${service().url}/`, leaving, copy))).to.be.instanceOf(Error);
    expect(requests).to.equal(2);
    await user.delete('/api/me');
    const task = await kept(user);
    await sync(`${service().url}/`, () => user.token, copy);
    expect([...copy.tasks.values()]).to.deep.equal([task]);
  });

  it('given writes while follow runs: the tasks of the list, within a second or two', async () => {
    const user = await service().user();
    const { follow } = await loadFunctions();
    const { tasks, ...copy } = newCopy();
    const leaving = new AbortController();
    let calls = 0;
    const following = follow(
      `${service().url}/`,
      () => user.token,
      { ...copy, tasks },
      () => (calls += 1),
      leaving.signal,
    );
    await until('the first call', () => Promise.resolve(calls > 0));
    const [first, second] = [await kept(user), await kept(user)];
    await until('both tasks are held', () => Promise.resolve(tasks.size === 2));
    await user.delete(`/api/tasks/${first.id}`);
    await until('one task is held', () => Promise.resolve(tasks.size === 1));
    expect([...tasks.values()]).to.deep.equal([second]);
    leaving.abort();
    await following;
  }).timeout(20_000);
});
