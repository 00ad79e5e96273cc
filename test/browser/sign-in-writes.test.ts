import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { ownBrowser } from '../support/processes/browser.ts';
import { add, button, shows, signUp } from '../support/tokens/sign-in-page.ts';
import { ownSignIn } from '../support/tokens/own-sign-in.ts';
import { until } from '../support/until.ts';

describe('writes on the page of the sign-in example', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const signIn = ownSignIn();

  /** A second tab of the same user. */
  const otherTab = async (page: Page): Promise<Page> => {
    const other = await page.context().newPage();
    await other.goto(signIn.origin);
    await other.getByText('live').waitFor();
    return other;
  };
  const box = (page: Page, title: string) => page.getByLabel(title, { exact: true });

  it('given a task that has changed since it was shown: the write is refused, and the task shown as it is', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    await add(page, 'Buy milk');
    // As long as this page hears of no change, its task is the old one.
    await page.route('**/api/tasks/changes*', (route) => route.abort());
    await page.evaluate(
      `(async () => {
        const { token } = await (await fetch('/api/auth/token')).json();
        const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' };
        const [{ id }] = await (await fetch('/api/tasks', { headers })).json();
        const body = JSON.stringify({ title: 'Buy oat milk' });
        await fetch('/api/tasks/' + id, { method: 'PATCH', headers, body });
      })()`,
    );
    await button(page, 'Delete Buy milk').click();
    await page.getByText('The task has changed since you read it.').waitFor();
    await page.getByText('Buy oat milk', { exact: true }).waitFor();
  });

  it('given changes that arrive while a click is being written: the box keeps what was clicked', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    await add(page, 'Buy milk');
    const other = await otherTab(page);
    const written = Promise.withResolvers<undefined>();
    await page.route('**/complete', async (route) => {
      await written.promise;
      await route.continue();
    });
    await box(page, 'Buy milk').check();
    await add(other, 'Buy bread');
    await shows(page, '2 of 2');
    expect(await box(page, 'Buy milk').isChecked()).to.equal(true);
    written.resolve(undefined);
    await other.locator('li :checked').waitFor();
    expect(await box(page, 'Buy milk').isChecked()).to.equal(true);
  });

  it('given a click that is refused: the box shows the task as it is', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    await add(page, 'Buy milk');
    await page.route('**/complete', (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        body: '{"status":403,"code":"insufficient_scope","detail":"Not allowed.","request_id":"1"}',
      }),
    );
    await box(page, 'Buy milk').click();
    await page.getByText('Not allowed.').waitFor();
    await page.locator('li :not(:checked)[type=checkbox]').waitFor();
  });

  /** Writes of a page that shows "Buy milk", and what it shows after each, once it also has "Buy bread". */
  const writes = {
    create: {
      write: (page: Page) => add(page, 'Water the plants'),
      expected: ['Water the plants', 'Buy bread', 'Buy milk'],
    },
    complete: {
      write: async (page: Page) => {
        const response = page.waitForResponse('**/complete');
        await box(page, 'Buy milk').check();
        await response;
      },
      expected: ['Buy bread', 'Buy milk, completed'],
    },
    delete: {
      write: async (page: Page) => {
        await button(page, 'Delete Buy milk').click();
        await page.getByText('Deleted: Buy milk').waitFor();
      },
      expected: ['Buy bread'],
    },
  };
  for (const [name, { write, expected }] of Object.entries(writes))
    it(`given a copy that was read before a ${name}: it never shows the tasks as they were`, async () => {
      const { page } = await browser();
      await page.goto(signIn.origin);
      await signUp(page);
      await add(page, 'Buy milk');
      const other = await otherTab(page);
      const read = Promise.withResolvers<undefined>();
      let isHeld = false;
      await page.route('**/api/tasks/changes*', async (route) => {
        if (isHeld) return route.continue();
        isHeld = true;
        const response = await route.fetch();
        await read.promise;
        await route.fulfill({ response });
      });
      await add(other, 'Buy bread');
      await until('the copy is on its way', () => isHeld);
      await write(page);
      await page.evaluate(
        `window.seen = [];
         new MutationObserver(() =>
           seen.push([...document.querySelectorAll('li')].map((item) =>
             item.querySelector('span').textContent + (item.querySelector(':checked') ? ', completed' : ''))),
         ).observe(document.getElementById('list'), { childList: true, subtree: true })`,
      );
      read.resolve(undefined);
      await page.getByText('Buy bread', { exact: true }).waitFor();
      const firstWithBoth = `seen.find((titles) => titles.includes('Buy bread'))`;
      expect(await page.evaluate(firstWithBoth)).to.deep.equal(expected);
    });
});
