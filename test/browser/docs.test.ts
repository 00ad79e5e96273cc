import { mkdir } from 'node:fs/promises';
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { ownBrowser } from '../support/processes/browser.ts';
import type { Answer } from '../support/http/http-client.ts';
import { taskOf, tasksOf } from '../support/http/response-schemas.ts';
import { startService } from '../support/http/service.ts';
import { ownService } from '../support/http/suites.ts';

describe('/docs in a browser', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const service = ownService();

  it('given a token: a task can be created and listed, and no request goes to another origin', async () => {
    const user = await service().user('reader');
    const { page, complaints, requests } = await browser();
    await page.goto(`${service().url}/docs`);
    await authorize(page, user.token);

    const create = operation(page, 'Tasks', 'createTask');
    await tryOut(create);
    await create.locator('textarea').fill('{ "title": "Read the docs", "completed": true }');
    const created = await execute(create);
    expect(created.status).to.equal(201);
    expect(taskOf(created)).to.include({ title: 'Read the docs', user_id: 'reader', revision: 1 });

    const list = operation(page, 'Tasks_of_a_user', 'listTasksOfUser');
    await tryOut(list);
    await list.locator('tr[data-param-name="user_id"] input').fill('reader');
    await list.locator('tr[data-param-name="status"] select').selectOption('completed');
    const listed = await execute(list);
    expect(listed.status).to.equal(200);
    expect(tasksOf(listed)).to.deep.equal([taskOf(created)]);

    await mkdir('.artifacts', { recursive: true });
    await page.evaluate('document.querySelector(".opblock.is-open").scrollIntoView()');
    await page.screenshot({ path: '.artifacts/docs.png' });
    expect(complaints).to.deep.equal([]);
    expect(requests.filter((url) => !url.startsWith(`${service().url}/`))).to.deep.equal([]);
    expect(requests).to.include(`${service().url}/api/reader/tasks?${documentedDefaults('completed')}`);
  });

  it('given development: "Try it out" works at once, as the user demo', async () => {
    await using development = await startService({
      environment: { NODE_ENV: 'development', BETTER_AUTH_SECRET: '' },
    });
    const { page, complaints } = await browser();
    await page.goto(`${development.url}/docs`);
    expect(await page.locator('.opblock-tag').first().innerText()).to.match(/^Tasks\b/);
    const create = operation(page, 'Tasks', 'createTask');
    await tryOut(create);
    await create.locator('textarea').fill('{ "title": "At once" }');
    const created = await execute(create);
    expect(created.status, created.text).to.equal(201);
    expect(taskOf(created)).to.include({ title: 'At once', user_id: 'demo' });
    expect(complaints).to.deep.equal([]);
    const stored = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
    expect(stored).to.deep.equal([0, 0, '']);
  });

  it('given a search, priorities, tags and an order by other names: the list that they select', async () => {
    const user = await service().user();
    for (const [title, priority, tags] of [
      ['Read the docs', 'high', ['a, b']],
      ['read aloud', 'low', ['home']],
      ['Write', 'high', ['home']],
    ] as const)
      await user.post('/api/tasks', { title, priority, tags });
    const { page, requests } = await browser();
    await page.goto(`${service().url}/docs`);
    await authorize(page, user.token);
    const list = operation(page, 'Tasks', 'listTasks');
    await tryOut(list);
    const parameter = (name: string, field: string) => list.locator(`tr[data-param-name="${name}"] ${field}`);
    await parameter('q', 'input').fill('READ');
    await parameter('priority', 'select').selectOption(['high', 'low']);
    await parameter('tags', 'button').click();
    await parameter('tags', 'input').fill('home');
    await parameter('order', 'select').selectOption('desc');
    const listed = await execute(list);
    expect(listed.status, listed.text).to.equal(200);
    expect(tasksOf(listed).map(({ title }) => title)).to.deep.equal(['read aloud']);
    expect(requests.at(-1))
      .to.include('priority=low,high')
      .and.to.include('tags=home')
      .and.to.include('q=READ');
  });

  it('given a request without a token: the page shows status and problem', async () => {
    const { page } = await browser();
    await page.goto(`${service().url}/docs/`);
    const get = operation(page, 'Tasks', 'listTasks');
    await tryOut(get);
    const refused = await execute(get);
    expect(refused.status).to.equal(401);
    expect(refused.text).to.include('"code": "unauthenticated"');
  });

  it('given expanded operations and schemas: no error in the console', async () => {
    const { page, complaints } = await browser();
    await page.goto(`${service().url}/docs`);
    await page.locator('.opblock').first().waitFor();
    // All clicks in one script, because each separate click would cause a layout of the whole page.
    const operations = '[id$="-completeTask"], [id$="-getHealth"]';
    const count = await page.evaluate(
      `const opened = document.querySelectorAll('${operations}');
       for (const operation of opened) operation.querySelector('.opblock-summary-control').click();
       for (const button of document.querySelectorAll('.models .json-schema-2020-12-expand-deep-button'))
         button.click();
       opened.length`,
    );
    await expectCount(page.locator('.responses-table'), Number(count));
    expect(await page.locator('.errors-wrapper').count()).to.equal(0);
    expect(complaints).to.deep.equal([]);
  });

  it('given an injected inline script: Content-Security-Policy blocks it', async () => {
    const { page, complaints } = await browser();
    await page.goto(`${service().url}/docs`);
    await page.locator('.opblock').first().waitFor();
    const wasRun = await page.evaluate(
      `const script = document.createElement('script');
       script.textContent = 'window.planted = true';
       document.body.append(script);
       'planted' in window`,
    );
    expect(wasRun).to.be.false;
    expect(complaints.join()).to.include('Content Security Policy');
  });

  it('given a token: it is not stored in localStorage, sessionStorage or cookies', async () => {
    const { page } = await browser();
    await page.goto(`${service().url}/docs`);
    await authorize(page, 'a.b.c');
    const stored = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
    expect(stored).to.deep.equal([0, 0, '']);
  });
});

/** The query that the page sends where nothing but the status is chosen. */
const documentedDefaults = (status: string): string =>
  `status=${status}&sort_by=created_at&limit=1000&count=false`;

/** Waits for this number of elements. */
const expectCount = async (found: Locator, count: number): Promise<void> => {
  await found.nth(count - 1).waitFor({ state: 'attached' });
  expect(await found.count()).to.equal(count);
};

const authorize = async (page: Page, token: string): Promise<void> => {
  await page.locator('.auth-wrapper .authorize').click();
  const dialog = page.locator('.dialog-ux');
  await dialog.locator('input').fill(token);
  await dialog.locator('button.authorize').click();
  await dialog.locator('button.btn-done').click();
};

const operation = (page: Page, tag: string, name: string): Locator =>
  page.locator(`#operations-${tag}-${name}`);

const tryOut = async (block: Locator): Promise<void> => {
  await block.locator('.opblock-summary-control').click();
  await block.locator('.try-out__btn').click();
};

/** Sends the request and reads the response that the page shows. */
const execute = async (block: Locator): Promise<Answer> => {
  await block.locator('.execute').click();
  const shown = block.locator('.live-responses-table');
  const status = Number(await shown.locator('tbody .response-col_status').first().innerText());
  const text = await shown.locator('.response-col_description .highlight-code code').first().innerText();
  return { status, headers: {}, body: Buffer.from(text), text };
};
