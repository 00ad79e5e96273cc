import { stopTestDatabases } from './postgres.ts';

/** Of the whole run: whatever became of the tests, the server they used is stopped at the end. */
export const mochaHooks = {
  afterAll: stopTestDatabases,
};
