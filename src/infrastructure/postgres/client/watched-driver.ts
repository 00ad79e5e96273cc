import { createPgDriverFactory } from '@slonik/pg-driver';

type DriverFactory = ReturnType<typeof createPgDriverFactory>;

/** Slonik's driver, extended to report broken connections. Slonik does not report one that breaks while idle. */
export const watchedDriver =
  (connectionLost: () => void): DriverFactory =>
  async (options) => {
    const driver = await createPgDriverFactory()(options);
    return {
      ...driver,
      createClient: async () => {
        const client = await driver.createClient();
        client.on('error', connectionLost);
        return client;
      },
    };
  };
