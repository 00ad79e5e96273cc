import { createClient, type Client } from '../../../client/src/taskhold.ts';
import type { Service, User } from '../http/service.ts';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts';

/** A new user, a client of the package that reaches the service through a proxy, and the proxy. */
export interface ClientUser extends AsyncDisposable {
  /** Sends requests without the client and the proxy. */
  readonly user: User;
  readonly client: Client;
  readonly proxy: FaultyProxy;
}

/** What a test may change; the delays are short. */
type ClientSettings = Partial<Parameters<typeof createClient>[0]>;

export const clientUser = async (service: Service, settings: ClientSettings = {}): Promise<ClientUser> => {
  const user = await service.user();
  const proxy = await startFaultyProxy(service.port);
  const client = createClient({ url: proxy.url, token: () => user.token, retryDelayMs: 10, ...settings });
  return { user, client, proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
};
