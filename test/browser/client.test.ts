import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { startFaultyProxy, type FaultyProxy } from '../support/client/faulty-proxy.ts';
import { serveClient } from '../support/client/serve-client.ts';
import { tasksOf } from '../support/http/response-schemas.ts';
import { startService, type Service, type User } from '../support/http/service.ts';
import { ownBrowser } from '../support/processes/browser.ts';
import { until } from '../support/until.ts';

const titles = z.array(z.string());

describe('the client in a browser', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const opened = new AsyncDisposableStack();
  let service: Service;
  let proxy: FaultyProxy;
  let site: string;
  let user: User;
  before(async () => {
    service = opened.use(await startService());
    proxy = opened.use(await startFaultyProxy(service.port));
    site = await serveClient(opened);
  });
  beforeEach(async () => {
    user = await service.user();
  });
  after(() => opened.disposeAsync());

  /** Opens the page, with a client of the user as `client`. */
  const load = async (page: Page): Promise<Page> => {
    await page.goto(site);
    const options = `{ url: ${JSON.stringify(proxy.url)}, token: () => ${JSON.stringify(user.token)}, retryDelayMs: 50 }`;
    await page.evaluate(
      `import('/client/taskhold.ts').then((taskhold) => {
         window.taskhold = taskhold;
         window.client = taskhold.createClient(${options});
       })`,
    );
    return page;
  };
  /** Follows the tasks, with the titles in `window.titles`. */
  const follow = async (page: Page): Promise<void> => {
    await page.evaluate(
      `window.statuses = [];
       (async () => {
         const onStatus = (status) => window.statuses.push(status);
         for await (const { tasks } of client.follow({ onStatus, reconnectMs: 50, silenceMs: 20_000 }))
           window.titles = [...tasks.values()].map(({ title }) => title).sort();
       })();
       undefined`,
    );
    await page.waitForFunction(`window.statuses.includes('live')`);
  };
  const shows = (page: Page, ...expected: readonly string[]) =>
    page.waitForFunction(`JSON.stringify(window.titles) === ${JSON.stringify(JSON.stringify(expected))}`);
  /** Begins a queue that outlives the page, with its reports in `window.settled`. */
  const queue = (page: Page) =>
    page.evaluate(
      `window.settled = [];
       window.queue = client.queue({
         storage: taskhold.webStorage(localStorage, ${JSON.stringify(user.id)}),
         retryDelayMs: 50,
         onSettled: (_, { status, task }) => window.settled.push(status + ' ' + task?.title),
       });
       undefined`,
    );
  const stored = async () => tasksOf(await user.get('/api/tasks')).map(({ title }) => title);

  it('given lost responses: each task is created once, and a list has every page', async () => {
    const { page } = await browser();
    await load(page);
    proxy.next('POST /api/tasks', 'lose the response', 'cut the body');
    proxy.next('cursor', 'cut the body');
    const found = await page.evaluate(
      `(async () => {
         for (const title of ['a', 'b', 'c']) await client.tasks.create({ title });
         const titles = [];
         for await (const { title } of client.tasks.list({ limit: 1, sort: 'title' })) titles.push(title);
         return titles;
       })()`,
    );
    expect(titles.parse(found)).to.deep.equal(['a', 'b', 'c']);
    expect(await stored()).to.have.length(3);
  });

  it('given a task that has changed since: the error has the code and the task as it is', async () => {
    const { page } = await browser();
    await load(page);
    const error = await page.evaluate(
      `(async () => {
         const task = await client.tasks.create({ title: 'a' });
         await client.tasks.update(task, { title: 'b' });
         return client.tasks.update(task, { title: 'c' }).catch(({ code, current, requestId }) => (
           { code, title: current.title, requestId: typeof requestId }
         ));
       })()`,
    );
    expect(error).to.deep.equal({ code: 'revision_mismatch', title: 'b', requestId: 'string' });
  });

  it('given another tab: follow shows its writes, also after the connection broke', async () => {
    const { page, complaints } = await browser();
    await load(page);
    await follow(page);
    await shows(page);
    const other = await load(await page.context().newPage());
    await other.evaluate(`client.tasks.create({ title: 'a' })`);
    await shows(page, 'a');
    expect(complaints).to.deep.equal([]);
    proxy.drop();
    await other.evaluate(`client.tasks.create({ title: 'b' })`);
    await shows(page, 'a', 'b');
    await other.evaluate(
      `client.tasks.list().pages().next().then(({ value }) => client.tasks.delete(value.items[0]))`,
    );
    await shows(page, 'a');
  });

  it('given no network: queued writes wait, and follow shows them when it is back', async () => {
    const { page } = await browser();
    await load(page);
    await follow(page);
    await queue(page);
    await page.context().setOffline(true);
    await page.evaluate(
      `(async () => {
         const { id } = await queue.add({ kind: 'create', draft: { title: 'a' } });
         await queue.add({ kind: 'update', target: id, changes: { title: 'b' } });
       })()`,
    );
    expect(await page.evaluate('queue.flush()')).to.equal(false);
    expect([await stored(), await page.evaluate('window.settled')]).to.deep.equal([[], []]);
    proxy.next('POST /api/tasks', 'lose the response');
    await page.context().setOffline(false);
    await page.waitForFunction('window.settled.length === 2');
    expect(await page.evaluate('window.settled')).to.deep.equal(['done a', 'done b']);
    await shows(page, 'b');
    expect(await stored()).to.deep.equal(['b']);
  });

  it('given a page that is closed without a network: the next page sends what it had queued', async () => {
    const { page } = await browser();
    await load(page);
    await queue(page);
    const context = page.context();
    const other = await load(await context.newPage());
    await context.setOffline(true);
    for (const title of ['a', 'b'])
      await page.evaluate(`queue.add({ kind: 'create', draft: { title: '${title}' } })`);
    await page.close();
    await context.setOffline(false);
    await queue(other);
    await until('both are sent', async () => (await stored()).length === 2);
    await other.waitForFunction('window.settled.length === 2');
    expect(await other.evaluate('[window.settled, localStorage.length]')).to.deep.equal([
      ['done a', 'done b'],
      0,
    ]);
  });
});
