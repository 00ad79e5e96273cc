import { startTestDatabases, stopTestDatabases } from './postgres/postgres.ts';
import { stopPooler } from './postgres/route.ts';
import { stopSharedServices } from './http/suites.ts';

/** For the whole run: whatever becomes of the tests, what they started is stopped at the end. */
export const mochaHooks = {
  /** The server starts when a test asks for it, except that no test has the time to wait for an image to be pulled. */
  async beforeAll(this: Mocha.Context): Promise<void> {
    if (process.env['TEST_DATABASE'] !== 'container') return;
    this.timeout(300_000);
    await startTestDatabases();
  },

  afterAll: async () => {
    await stopSharedServices();
    await stopPooler();
    await stopTestDatabases();
  },
};
