import { startService, type Service, type ServiceOptions } from './service.ts';

/** The two URL families; {@link User.lists} has a path for each. */
export const urlFamilies = ['own', 'named'] as const;
export type UrlFamily = (typeof urlFamilies)[number];

const stores = ['memory', 'PostgreSQL'] as const;
type Store = (typeof stores)[number];

const shared = new Map<Store, Promise<Service>>();

/** One service for the whole run and each store: users are new in every test, so that tests do not meet. */
const sharedService = (store: Store): Promise<Service> => {
  const running = shared.get(store) ?? startService({ store });
  shared.set(store, running);
  return running;
};

/** For the hooks of the run alone. */
export const stopSharedServices = async (): Promise<void> => {
  const running = [...shared.values()];
  shared.clear();
  for (const service of running) await (await service)[Symbol.asyncDispose]();
};

type Suite = (service: () => Service) => void;

/** A suite that is run against the service on memory, and again on PostgreSQL. */
export const describeService = (title: string, suite: Suite): void => {
  for (const store of stores) describeOn(store, `${title} (${store})`, suite);
};

/** A suite about what is settled before a store is asked, and so the same on all: it is run on memory alone. */
export const describeEdge = (title: string, suite: Suite): void => describeOn('memory', title, suite);

const describeOn = (store: Store, title: string, suite: Suite): void => {
  describe(title, () => {
    let service: Service | null = null;
    before(async function () {
      this.timeout(120_000); // the first of the run starts PostgreSQL
      service = await sharedService(store);
    });
    suite(() => started(service));
  });
};

/** A service of the suite's own, on memory unless it is said otherwise. Call it inside a `describe`. */
export const ownService = (options: ServiceOptions = {}): (() => Service) => {
  let service: Service | null = null;
  before(async function () {
    this.timeout(120_000);
    service = await startService(options);
  });
  after(() => service?.[Symbol.asyncDispose]());
  return () => started(service);
};

const started = (service: Service | null): Service => {
  if (service === null) throw new Error('The service is there once the suite has begun');
  return service;
};
