import { startService, type Service, type ServiceOptions } from './service.ts';

/** The two URL schemes; {@link User.lists} has a path for each. */
export const urlSchemes = ['own', 'named'] as const;
export type UrlScheme = (typeof urlSchemes)[number];

const stores = ['memory', 'PostgreSQL'] as const;
type Store = (typeof stores)[number];

const shared = new Map<Store, Promise<Service>>();

let start: ((store: Store) => Promise<Service>) | null = null;

/**
 * Lets the suites run once, against a service that is not of this process, in place of the shared ones. Call it before the
 * suites are loaded.
 */
export const useService = (startOther: () => Promise<Service>): void => {
  start = startOther;
};

/** One service for each store in the whole run. Every test creates new users, so tests do not affect each other. */
const sharedService = (store: Store): Promise<Service> => {
  const running = shared.get(store) ?? (start ?? startShared)(store);
  shared.set(store, running);
  return running;
};

const startShared = (store: Store): Promise<Service> => startService({ store });

/** Called only by the root hooks. */
export const stopSharedServices = async (): Promise<void> => {
  const running = [...shared.values()];
  shared.clear();
  for (const service of running) await (await service)[Symbol.asyncDispose]();
};

type Suite = (service: () => Service) => void;

/** Runs the suite against the service with tasks in memory, and again with PostgreSQL. */
export const describeOnEachStore = (title: string, suite: Suite): void => {
  if (start !== null) describeOn('PostgreSQL', title, suite);
  else for (const store of stores) describeOn(store, `${title} (${store})`, suite);
};

/** Runs the suite with tasks in memory only: for behavior that does not depend on the store. */
export const describeInMemory = (title: string, suite: Suite): void =>
  describeOn(start === null ? 'memory' : 'PostgreSQL', title, suite);

const describeOn = (store: Store, title: string, suite: Suite): void => {
  describe(title, () => {
    let service: Service | null = null;
    before(async function () {
      this.timeout(120_000); // the first suite of the run starts PostgreSQL
      service = await sharedService(store);
    });
    suite(() => started(service));
  });
};

/** Starts a service for one suite; default store: memory. Call it inside a `describe`. Pending where {@link useService} was called. */
export const ownService = (options: ServiceOptions = {}): (() => Service) => {
  let service: Service | null = null;
  before(async function () {
    if (start !== null) this.skip();
    this.timeout(120_000);
    service = await startService(options);
  });
  after(() => service?.[Symbol.asyncDispose]());
  return () => started(service);
};

const started = (service: Service | null): Service => {
  if (service === null) throw new Error('The service starts in a before hook: use it inside a test');
  return service;
};
