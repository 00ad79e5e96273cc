import { startTestDatabases, stopTestDatabases } from './postgres/postgres.ts';
import { checkCollectedStatements } from './postgres/partitioned/check-collected-statements.ts';
import { stopPooler } from './postgres/route.ts';
import { stopSharedServices } from './http/suites.ts';

/** Root hooks of Mocha: stop shared servers at the end of the run, also after failures. */
export const mochaHooks = {
  /** Starts a container here, because pulling its image exceeds a test's timeout. Other servers start on demand. */
  async beforeAll(this: Mocha.Context): Promise<void> {
    if (process.env['TEST_DATABASE'] !== 'container') return;
    this.timeout(300_000);
    await startTestDatabases();
  },

  afterAll: async () => {
    await stopSharedServices();
    await stopPooler();
    try {
      await checkCollectedStatements();
    } finally {
      await stopTestDatabases();
    }
  },
};
