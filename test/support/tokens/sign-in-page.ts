import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';

/** An email that no other test has, nor a repetition of the same one. */
export const newEmail = (): string => `user-${randomUUID()}@example.org`;

/** Steps of a user on the page of `examples/sign-in`. Each ends when the page shows its result. */
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

export const fillIn = async (
  page: Page,
  email: string,
  password = 'correct horse battery',
): Promise<void> => {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
};

export const signUp = async (page: Page, email = newEmail()): Promise<void> => {
  await fillIn(page, email);
  await button(page, 'Sign up').click();
  await page.getByText('live').waitFor();
};

export const signOut = async (page: Page): Promise<void> => {
  await button(page, 'Sign out').click();
  await button(page, 'Sign up').waitFor();
};

/** Submits a task, without a wait for the result. */
export const submit = async (page: Page, title: string): Promise<void> => {
  await page.getByLabel('Title').fill(title);
  await button(page, 'Add').click();
};

export const add = async (page: Page, title: string): Promise<void> => {
  await submit(page, title);
  await page.getByText(title, { exact: true }).waitFor();
};

export const shows = (page: Page, count: string): Promise<void> =>
  page.getByText(`${count} tasks`, { exact: true }).waitFor();

export const titles = async (page: Page): Promise<string[]> =>
  (await page.locator('li label').allTextContents()).map((text) => text.trim());
