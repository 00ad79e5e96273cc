import { createPgDriverFactory } from '@slonik/pg-driver';

type DriverFactory = ReturnType<typeof createPgDriverFactory>;

/** Slonik's driver, which also reports connections that break. Slonik itself says nothing of one that breaks while idle. */
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
