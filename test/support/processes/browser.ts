import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The usual paths of Chromium; `CHROMIUM` overrides them. */
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const findChromium = (): string | undefined => {
  const named = process.env['CHROMIUM'] ?? '';
  if (named === '') return usualPaths.find(existsSync);
  if (!existsSync(named)) throw new Error(`CHROMIUM is ${named}, which does not exist`);
  return named;
};

/** Name resolution is off, so that requests to the internet fail. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/**
 * A browser with an empty profile for the suite, closed at its end. Without Chromium the suite is pending, and prints
 * the reason. Call it inside of a `describe`.
 */
export const ownBrowser = (): (() => Promise<WatchedPage>) => {
  let browser: Browser | null = null;
  before(async function () {
    const executablePath = findChromium();
    if (executablePath === undefined) {
      console.log('Skipped: browser tests (Chromium is not installed; CHROMIUM sets its path).');
      this.skip();
    }
    this.timeout(60_000);
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath, args: [...flags, ...asRoot] });
  });
  after(() => browser?.close());
  return async () => {
    if (browser === null) throw new Error('The browser is available only inside of tests');
    const context = await browser.newContext({ viewport: { width: 1280, height: 1600 } });
    return watched(await context.newPage());
  };
};

/** A page, its console messages and its requests. */
interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console (CSP violations included), and uncaught exceptions. */
  readonly complaints: readonly string[];
  /** The address of every request. */
  readonly requests: readonly string[];
}

const watched = (page: Page): WatchedPage => {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  return { page, complaints, requests };
};
