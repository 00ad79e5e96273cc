import { expect } from 'chai';
import { z } from 'zod';
import { readFile } from 'node:fs/promises';
import { checkout } from './support/processes/checkout.ts';
import { bannerOf } from './support/processes/banner.ts';
import { taskBody, type TaskBody } from './support/http/response-schemas.ts';
import { ownService } from './support/http/suites.ts';
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

/** What README.md shows of the client. */
interface TaskClient {
  readonly list: (query: object) => Promise<TaskPage>;
  readonly create: (task: object) => Promise<unknown>;
  readonly update: (task: TaskBody, change: object) => Promise<unknown>;
  readonly toggle: (task: TaskBody) => Promise<unknown>;
  readonly remove: (task: TaskBody) => Promise<unknown>;
}
interface TaskPage {
  readonly tasks: readonly unknown[];
  readonly total: number;
  readonly next?: () => Promise<TaskPage>;
}

const clientModule = z.object({
  taskClient: z.custom<(api: string, token: () => string) => TaskClient>(
    (value) => typeof value === 'function',
  ),
});

describe('the client in README.md', () => {
  const service = ownService();

  const newUser = async (): Promise<TaskClient> => {
    const { token } = await service().user();
    const code = blockIn(await readFile(readme, 'utf8'), 'Your frontend', 'js');
    const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    return clientModule.parse(loaded).taskClient(`${service().url}/`, () => token);
  };

  it('given a list with a search, an order and pages: tasks, their number and the next page', async () => {
    const client = await newUser();
    for (const title of ['Milk 1', 'Bread', 'Milk 2']) await client.create({ title });
    const page = await client.list({ q: 'milk', sort: 'title', per_page: 1 });
    expect(page).to.have.nested.property('tasks[0].title', 'Milk 1');
    const next = await page.next?.();
    expect(next).to.have.nested.property('tasks[0].title', 'Milk 2');
    expect([page.total, next?.total, next?.next]).to.deep.equal([2, 2, undefined]);
  });

  it('given changes: each succeeds, and one with an old revision is rejected', async () => {
    const client = await newUser();
    const task = taskBody.parse(await client.create({ title: 'Buy milk' }));
    expect(await client.update(task, { title: 'Buy oat milk' })).to.include({ title: 'Buy oat milk' });
    expect(await rejection(client.update(task, { title: 'x' }))).to.include({ code: 'revision_mismatch' });
    expect(await client.toggle(task)).to.include({ completed: true });
    await client.remove(task);
    expect((await client.list({})).tasks).to.deep.equal([]);
  });

  it('given a form that is not valid: status, code, detail and errors, as README.md shows them', async () => {
    const client = await newUser();
    const error = await rejection(client.create({ title: ' ', due_date: 'soon' }));
    expect(error).to.include({ status: 422, code: 'invalid_task' });
    expect(error).to.have.nested.property('errors[0].message', 'must have 1 to 200 characters');
    expect(error).to.have.nested.property('errors[1].field', 'due_date');
    expect(String(error)).to.include('title must have 1 to 200 characters; due_date must be a date');
  });
});
