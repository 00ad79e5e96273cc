import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { z } from 'zod';
import type { Queue } from '../../client/src/taskhold.ts';
import { clientUser } from '../support/client/client-user.ts';
import { localStorageOf } from '../support/client/queues.ts';
import { tasksOf } from '../support/http/response-schemas.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { until } from '../support/until.ts';

const readme = new URL('../../client/README.md', import.meta.url);
const entry = new URL('../../client/src/taskhold.ts', import.meta.url);

/** What the code of README.md uses without declaring it. */
interface Surroundings {
  readonly session: {
    readonly userId: string;
    readonly token: (options: { readonly isNew: boolean }) => string;
  };
  readonly show: (...values: readonly unknown[]) => void;
  readonly showStatus: (status: string) => void;
  readonly localStorage: ReturnType<typeof localStorageOf>;
  readonly signal: AbortSignal;
}

/** The code of README.md, block after block, as one function. Only addresses are replaced. */
const loadExample = async (text: string, url: string): Promise<(given: Surroundings) => Promise<Queue>> => {
  const code = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, block = '']) => block).join('\n');
  expect(code).to.include("from '@taskhold/client';").and.to.include('https://tasks.example.com/');
  const [imports = '', ...rest] = code.split(/(?<=@taskhold\/client';\n)/);
  const module =
    imports.replace('@taskhold/client', entry.href) +
    `export const run = async ({ session, show, showStatus, localStorage, signal }) => {${rest.join('')}\nreturn queue;};`;
  const loaded: unknown = await import(
    `data:text/javascript,${encodeURIComponent(module.replace('https://tasks.example.com/', url))}`
  );
  return z.object({ run: z.custom<(given: Surroundings) => Promise<Queue>>() }).parse(loaded).run;
};

describeInMemory('client/README.md', (service) => {
  it('given the code as it is printed: it does what the text says', async () => {
    await using mine = await clientUser(service());
    const run = await loadExample(await readFile(readme, 'utf8'), mine.proxy.url);
    const shown: (readonly unknown[])[] = [];
    const leaving = new AbortController();
    const statuses: string[] = [];
    const queue = await run({
      session: { userId: mine.user.id, token: ({ isNew }) => (isNew ? '' : mine.user.token) },
      show: (...values) => void shown.push(values),
      showStatus: (status) => {
        statuses.push(status);
        leaving.abort();
      },
      localStorage: localStorageOf(),
      signal: leaving.signal,
    });
    await until('the queue has sent both writes', () => shown.length === 6);
    queue.close();
    const [bread, milk] = tasksOf(await mine.user.get('/api/tasks'));
    expect(milk).to.include({ title: 'Buy oat milk', completed: true });
    expect(bread).to.include({ title: 'Buy bread', priority: 'high' });
    expect(shown.slice(4)).to.deep.equal([
      ['create', 'done'],
      ['update', 'done'],
    ]);
    expect(shown.slice(0, 4)).to.deep.equal([
      [milk],
      ['Buy oat milk'],
      [[milk], 1, false],
      [[milk], [milk?.id]],
    ]);
    expect(statuses).to.deep.equal(['live']);
  });

  it('given each export: README.md has it in its tables', async () => {
    const [, tables = ''] = (await readFile(readme, 'utf8')).split('## Exports');
    const named = [...tables.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    const source = await readFile(entry, 'utf8');
    const exported = [...source.matchAll(/export (?:type )?\{(.*?)\}/gs)].flatMap(([, names = '']) =>
      names
        .split(',')
        .map((name) => name.replace(/\btype\b/, '').trim())
        .filter((name) => name !== ''),
    );
    expect(exported.length).to.be.above(20);
    expect(named).to.have.members(exported);
    const loaded: unknown = await import(entry.href);
    expect(exported).to.include.members(Object.keys(z.looseObject({}).parse(loaded)));
  });
});
