import { stopTestDatabases } from './postgres.ts';
import { stopSharedServices } from './suites.ts';

/** Of the whole run: whatever became of the tests, the server they used is stopped at the end. */
export const mochaHooks = {
  afterAll: async () => {
    await stopSharedServices();
    await stopTestDatabases();
  },
};
