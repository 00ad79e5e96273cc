import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { ownBrowser } from '../support/processes/browser.ts';
import { add, button, fillIn, newEmail, shows, signUp, titles } from '../support/tokens/sign-in-page.ts';
import { ownSignIn } from '../support/tokens/own-sign-in.ts';
import { until } from '../support/until.ts';

describe('failures and double clicks on the page of the sign-in example', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const signIn = ownSignIn();

  const message = (page: Page): Promise<string> => page.getByRole('alert').innerText();

  /** Lets requests wait for a while, so that the second click comes before the first response. */
  const slowly = (page: Page, pattern: string): Promise<unknown> =>
    page.route(pattern, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });

  it('given a refusal that ends the live updates: the page shows that they have stopped, and why', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    await page.route('**/api/tasks/changes*', (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        body: '{"status":403,"code":"insufficient_scope","detail":"Not allowed.","request_id":"1"}',
      }),
    );
    await add(page, 'Buy milk');
    await page.getByText('stopped: Not allowed. Reload the page.').waitFor();
    // Messages of later actions do not hide it.
    await add(page, 'Buy bread');
    expect(await message(page)).to.equal('');
    expect(await page.locator('#connection').innerText()).to.equal('stopped: Not allowed. Reload the page.');
  });

  for (const [what, answer] of [
    ['a sign-in that is limited', { status: 429, json: { message: 'Too many requests.' } }],
    ['a proxy whose sign-in is down', { status: 502, contentType: 'text/html', body: '<html>' }],
    ['no network', null],
  ] as const)
    it(`given ${what} when the page opens: the request is repeated, and a signed-in user never sees the form`, async () => {
      const { page } = await browser();
      await page.goto(signIn.origin);
      await signUp(page);
      await add(page, 'Buy milk');
      let requests = 0;
      await page.route('**/api/auth/get-session', async (route) => {
        requests += 1;
        if (requests > 1) return route.continue();
        return answer === null ? route.abort() : route.fulfill(answer);
      });
      await page.reload();
      await page.getByText('The sign-in does not respond. Trying again').waitFor();
      expect(await page.getByLabel('Email').isVisible()).to.equal(false);
      await shows(page, '1 of 1');
      expect(await message(page)).to.equal('');
      expect(requests).to.equal(2);
    });

  it('given double clicks on Sign up, Add, Delete and Undo: each is done once, without a message', async () => {
    const { page } = await browser();
    await slowly(page, '**/api/auth/sign-*/**');
    await page.goto(signIn.origin);
    await fillIn(page, newEmail());
    await button(page, 'Sign up').dblclick();
    await page.getByText('live').waitFor();
    const writes: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET' && request.url().includes('/api/tasks')) writes.push(request.method());
    });
    await slowly(page, '**/api/tasks{,/*,/*/restore,/trash/**}');
    await page.getByLabel('Title').fill('Buy milk');
    await button(page, 'Add').dblclick();
    await shows(page, '1 of 1');
    await button(page, 'Delete Buy milk').dblclick();
    await page.getByText('Deleted: Buy milk').waitFor();
    await button(page, 'Undo').dblclick();
    await shows(page, '1 of 1');
    await add(page, 'Buy bread'); // after all others
    expect(await titles(page)).to.deep.equal(['Buy bread', 'Buy milk']);
    expect(writes).to.deep.equal(['POST', 'DELETE', 'POST', 'POST']);
    expect(await message(page)).to.equal('');
  });

  it('given an Undo while another deletion is under way: the task that was shown comes back', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    for (const title of ['Buy milk', 'Buy bread']) await add(page, title);
    await button(page, 'Delete Buy milk').click();
    await page.getByText('Deleted: Buy milk').waitFor();
    let isHeld = false;
    const held = Promise.withResolvers<undefined>();
    await page.route('**/api/tasks/*', async (route) => {
      if (route.request().method() !== 'DELETE') return route.continue();
      isHeld = true;
      await held.promise;
      return route.continue();
    });
    await button(page, 'Delete Buy bread').click();
    await until('the deletion is under way', () => isHeld);
    await button(page, 'Undo').click();
    held.resolve(undefined);
    await page.getByText('Buy milk', { exact: true }).waitFor();
    expect(await titles(page)).to.deep.equal(['Buy milk']);
    await page.getByText('Deleted: Buy bread').waitFor();
  });

  it('given a task that is refused: its title is back in the field', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    await page.route('**/api/tasks', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: '{"status":422,"code":"invalid_task","detail":"Not this one.","request_id":"1"}',
      }),
    );
    await page.getByLabel('Title').fill('Buy milk');
    await button(page, 'Add').click();
    await page.getByText('Not this one.').waitFor();
    expect(await page.getByLabel('Title').inputValue()).to.equal('Buy milk');
  });
});
