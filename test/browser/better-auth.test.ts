import { expect } from 'chai';
import { startBetterAuth, type BetterAuth } from '../support/tokens/better-auth.ts';
import { ownBrowser } from '../support/processes/browser.ts';

describe('the frontend of the Better Auth example in a browser', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  let auth: BetterAuth;
  before(async () => {
    auth = await startBetterAuth('key set');
  });
  after(() => auth[Symbol.asyncDispose]());

  it('given a sign-up, tasks, a sign-out and a sign-in: the same tasks are shown', async () => {
    const { page, complaints, requests } = await browser();
    const app = `${auth.issuer}/?taskhold=${auth.service.url}`;
    const titles = () => page.locator('li span').allTextContents();
    await page.goto(app);

    await page.getByLabel('Email').fill('ada@example.org');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByLabel('Title').fill('Buy <b>milk</b>');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('checkbox').check();
    await page.getByLabel('Title').fill('Buy bread');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.locator('li').nth(1).waitFor();
    expect(await titles()).to.deep.equal(['Buy bread', 'Buy <b>milk</b>']);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await titles()).to.deep.equal([]);

    await page.getByLabel('Email').fill('ada@example.org');
    await page.getByLabel('Password').fill('a wrong one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Invalid email or password').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('li').nth(1).waitFor();
    expect(await page.getByRole('checkbox').nth(1).isChecked()).to.equal(true);
    await page.getByRole('button', { name: 'Delete' }).first().click();
    await page.locator('li').nth(1).waitFor({ state: 'detached' });
    expect(await titles()).to.deep.equal(['Buy <b>milk</b>']);

    // Expected 401 responses: no session before sign-up and after sign-out, and one wrong password.
    expect(complaints.filter((text) => !text.includes('401'))).to.deep.equal([]);
    const origins = new Set(requests.map((url) => new URL(url).origin));
    expect([...origins]).to.have.members([auth.issuer, auth.service.url]);
  });
});
