import { mkdir } from 'node:fs/promises';
import { expect } from 'chai';
import { z } from 'zod';
import type { Page } from 'playwright-core';
import { ownBrowser } from '../support/processes/browser.ts';
import { add, button, fillIn, newEmail, shows, signUp, titles } from '../support/tokens/sign-in-page.ts';
import { ownSignIn } from '../support/tokens/own-sign-in.ts';

describe('the page of the sign-in example in a browser', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const signIn = ownSignIn();

  it('given clicks: sign-up, add, search, filter, complete, delete, undo, sign-out, sign-in', async () => {
    const { page, complaints, requests } = await browser();
    await page.goto(signIn.origin);
    const email = newEmail();
    await signUp(page, email);
    for (const title of ['Buy <b>milk</b>', 'Call Bob', 'Buy bread']) await add(page, title);
    expect(await titles(page)).to.deep.equal(['Buy bread', 'Call Bob', 'Buy <b>milk</b>']);

    await page.getByLabel('Search').fill('BUY');
    await shows(page, '2 of 3');
    await page.getByLabel('Buy bread', { exact: true }).check();
    await page.getByLabel('Pending').check();
    await shows(page, '1 of 3');
    await page.getByLabel('Completed').check();
    await shows(page, '1 of 3');
    expect(await titles(page)).to.deep.equal(['Buy bread']);
    await page.getByLabel('Search').fill('');
    await page.getByLabel('All').check();

    await button(page, 'Delete Call Bob').click();
    await page.getByText('Deleted: Call Bob').waitFor();
    await shows(page, '2 of 2');
    await button(page, 'Undo').click();
    await shows(page, '3 of 3');
    await page.locator('li', { hasText: 'Call Bob' }).locator(':focus').waitFor();

    await button(page, 'Sign out').click();
    await button(page, 'Sign in').waitFor();
    expect(await titles(page)).to.deep.equal([]);
    await fillIn(page, email, 'a wrong one');
    await button(page, 'Sign in').click();
    await page.getByText('Invalid email or password').waitFor();
    await fillIn(page, email);
    await button(page, 'Sign in').click();
    await shows(page, '3 of 3');
    expect(await page.getByLabel('Buy bread', { exact: true }).isChecked()).to.equal(true);

    // The wrong password is the only expected complaint.
    expect(complaints.filter((text) => !text.includes('401'))).to.deep.equal([]);
    expect(complaints.length).to.equal(1);
    expect(new Set(requests.map((url) => new URL(url).origin))).to.deep.equal(new Set([signIn.origin]));
    const stored = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
    expect(stored).to.deep.equal([0, 0, '']);
  });

  it('given changes in another tab: they are shown without a reload', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    await signUp(page);
    const other = await page.context().newPage();
    await other.goto(signIn.origin);
    await other.getByText('live').waitFor();

    await add(page, 'Buy milk');
    await other.getByLabel('Buy milk', { exact: true }).check();
    await page.locator('li :checked').waitFor();
    await button(other, 'Delete Buy milk').click();
    await shows(page, '0 of 0');
    await button(other, 'Undo').click();
    await shows(page, '1 of 1');
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`given the ${colorScheme} color scheme: texts have a contrast of 4.5, fields and lines of 3`, async () => {
      const { page } = await browser();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 720, height: 430 });
      await page.goto(signIn.origin);
      expect(Math.min(...(await contrastsOf(page, 'h1, label, #rule, button:not([hidden])')))).to.be.at.least(
        4.5,
      );
      await signUp(page);
      for (const title of ['Water the plants', 'Call the dentist', 'Buy milk']) await add(page, title);
      await page.getByLabel('Call the dentist', { exact: true }).check();
      await page.locator('li :checked').waitFor();
      const texts = '#connection, #count, legend, fieldset label, li span, :checked + span, button, input';
      expect(Math.min(...(await contrastsOf(page, texts)))).to.be.at.least(4.5);
      expect(Math.min(...(await contrastsOf(page, '#message')))).to.be.at.least(4.5);
      expect(Math.min(...(await contrastsOf(page, 'input[name=title]', 'borderTopColor')))).to.be.at.least(3);
      await mkdir('.artifacts', { recursive: true });
      await page.screenshot({ path: `.artifacts/example-${colorScheme}.png` });
    });

  it('given the keyboard alone: sign-up, add, complete, delete and undo', async () => {
    const { page } = await browser();
    await page.goto(signIn.origin);
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.getByLabel('Email').and(page.locator(':focus')).waitFor();
    await page.keyboard.type(newEmail());
    await press('Tab');
    await page.keyboard.type('correct horse battery');
    await press('Enter');
    await page.getByLabel('Title').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Buy milk');
    await press('Enter');
    await page.getByText('Buy milk', { exact: true }).waitFor();
    await press('Tab', 'Tab', 'Tab', 'Tab', 'Space');
    await page.locator('li :checked').waitFor();
    await press('Tab', 'Enter');
    await button(page, 'Undo').and(page.locator(':focus')).waitFor();
    await press('Enter');
    await page.locator('li :checked:focus').waitFor();
  });
});

/**
 * The contrast of a color of each element to its background, as WCAG 2.2 defines it
 * (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
 */
const contrastsOf = async (page: Page, selector: string, property = 'color'): Promise<number[]> => {
  const seen = await page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => {
      const luminanceOf = (color) => {
        const [red, green, blue] = color.match(/[\\d.]+/g).map((text) => {
          const value = Number(text) / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      let behind = element;
      const backgroundOf = () => getComputedStyle(behind).backgroundColor;
      while (/, 0\\)$/.test(backgroundOf()) && behind.parentElement !== null) behind = behind.parentElement;
      const colors = [getComputedStyle(element)[${JSON.stringify(property)}], backgroundOf()];
      const [darker, lighter] = colors.map(luminanceOf).sort((a, b) => a - b);
      return (lighter + 0.05) / (darker + 0.05);
    })`,
  );
  return z.array(z.number()).min(1).parse(seen);
};
