import { connectTo, type Service } from '../support/http/service.ts';
import { useService } from '../support/http/suites.ts';
import { runToEnd, startImageService, startSite } from '../support/containers/production-image.ts';

const hidden = (): never => {
  throw new Error(
    'A container shows no more than its listeners; ignore the file of this test in test/image/mocharc.json',
  );
};

/** What the suites expect of a service: no limits, and the origins of a developer. */
const environment = { RATE_LIMIT_MAX: '0', CACHE_MAX_OWNERS: '0', CORS_ORIGINS: 'http://localhost:3000' };

/** A container of the image, for the suites of `test/http` and `test/isolation`. */
const startContainerService = async (): Promise<Service> => {
  await using undo = new AsyncDisposableStack();
  const site = undo.use(await startSite());
  await runToEnd(site, ['src/cli/migrate.ts']);
  const container = undo.use(await startImageService(site, environment));
  const reachable = undo.use(connectTo(container.port, container.operationsPort));
  const resources = undo.move();
  return {
    ...reachable,
    databaseUrl: null,
    get server() {
      return hidden();
    },
    get observations() {
      return hidden();
    },
    get: hidden,
    prepareToStop: hidden,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

useService(startContainerService);
