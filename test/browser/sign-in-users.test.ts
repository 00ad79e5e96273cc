import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { Page, Route } from 'playwright-core';
import { ownBrowser } from '../support/processes/browser.ts';
import {
  add,
  button,
  fillIn,
  newEmail,
  signOut,
  signUp,
  submit,
  titles,
} from '../support/tokens/sign-in-page.ts';
import { ownSignIn } from '../support/tokens/own-sign-in.ts';
import { until } from '../support/until.ts';

const unavailable = {
  status: 503,
  contentType: 'application/problem+json',
  body: '{"type":"/problems/unavailable","status":503,"code":"unavailable","detail":"Not now.","request_id":"1"}',
};

describe('two users of the page of the sign-in example, one after the other', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const signIn = ownSignIn();

  const idOfUser = async (page: Page): Promise<string> =>
    z
      .object({ user: z.object({ id: z.string() }) })
      .parse(await page.evaluate(`fetch('/api/auth/get-session').then((response) => response.json())`)).user
      .id;

  it('given a write that is repeated at the sign-out, and another that waits: the next user does not send them', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    const posted: string[] = [];
    let isAway = true;
    await page.route('**/api/tasks', (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      posted.push(route.request().postData() ?? '');
      return isAway ? route.fulfill(unavailable) : route.continue();
    });
    await submit(page, 'of the first');
    await submit(page, 'of the first, too');
    await until('the first write is repeated', () => posted.length > 1);
    await signOut(page);
    await signUp(page);
    isAway = false;
    posted.length = 0;
    await add(page, 'of the second');
    expect(posted).to.deep.equal(['{"title":"of the second"}']);
    expect(await titles(page)).to.deep.equal(['of the second']);
  });

  it('given a token that arrives after the sign-out: the next user does not get it', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    const late = Promise.withResolvers<undefined>();
    let asked = 0;
    let done = 0;
    await page.route('**/api/auth/token', async (route: Route) => {
      asked += 1;
      if (asked > 1) return route.continue();
      const response = await route.fetch();
      await late.promise;
      await route.fulfill({ response }).catch(() => undefined); // the page may have abandoned the request
      done += 1;
    });
    await fillIn(page, newEmail());
    await button(page, 'Sign up').click();
    await until('a token is asked for', () => asked === 1);
    await signOut(page);
    await signUp(page);
    late.resolve(undefined);
    await until('the late token has arrived', () => done === 1);
    const writing = page.waitForRequest((request) => request.method() === 'POST');
    await add(page, 'Buy milk');
    const { authorization = '' } = (await writing).headers();
    expect(decodeJwt(authorization.replace('Bearer ', '')).sub).to.equal(await idOfUser(page));
  });

  it('given another user who signs in in another tab: this tab never mixes their tasks, and shows the new user', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    await add(page, 'of the first');
    const other = await page.context().newPage();
    await other.goto(signIn.origin);
    await signOut(other);
    await signUp(other);
    await add(other, 'of the second');
    const seen: string[] = [];
    await page.exposeFunction('onShown', (text: string) => seen.push(text));
    await page.evaluate(
      `new MutationObserver(() => onShown(document.getElementById('list').textContent))
        .observe(document.getElementById('list'), { childList: true, subtree: true })`,
    );
    // The token of the first user has expired: this tab asks for another one, with the cookie of the second.
    await page.route('**/api/tasks', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        body: '{"status":401,"code":"unauthenticated","detail":"The token has expired.","request_id":"1"}',
      }),
    );
    await submit(page, 'meant for the first');
    await page.getByText('of the second', { exact: true }).waitFor();
    expect(await titles(page)).to.deep.equal(['of the second']);
    expect(seen.filter((text) => text.includes('first') && text.includes('second'))).to.deep.equal([]);
    expect(await titles(other)).to.deep.equal(['of the second']);
  });
});
