import type { Request } from 'autocannon';
import { ownerName, tokenFor } from './owners.ts';
import { seededTaskId, type Seed } from './seed.ts';

export const seed: Seed = { owners: 1000, tasksEach: 20 };

/** The first users only read, and the others write, so that the lists that are read keep their length. */
const readers = 500;

export type Scenario = 'list' | 'unchanged' | 'get' | 'create' | 'complete' | 'mix';

export const scenarios: readonly Scenario[] = ['list', 'unchanged', 'get', 'create', 'complete', 'mix'];

let keys = 0;

/** The request with an `Idempotency-Key` that no other one has. */
const withKey = (request: Request): Request => ({
  ...request,
  setupRequest: (sent) => ({
    ...sent,
    headers: { ...sent.headers, 'idempotency-key': `key-of-the-benchmark-${(keys += 1)}` },
  }),
});

/**
 * The requests of each scenario against one service, the writes with keys where `isKeyed`. Fetches the ETags that `unchanged`
 * sends.
 */
export const requestsOf = async (
  url: string,
  secret: string,
  isKeyed = false,
): Promise<Record<Scenario, readonly Request[]>> => {
  const tokens = await Promise.all(
    Array.from({ length: seed.owners }, (_, n) => tokenFor(ownerName(n), secret)),
  );
  const as = (n: number) => ({ authorization: `Bearer ${tokens[n % seed.owners] ?? ''}` });
  const reader = (n: number) => n % readers;
  const writer = (n: number) => readers + (n % (seed.owners - readers));
  const forReaders = (make: (n: number) => Request) => Array.from({ length: readers }, (_, n) => make(n));

  const list = (n: number): Request => ({ method: 'GET', path: '/api/tasks', headers: as(reader(n)) });
  const get = (n: number): Request => ({
    method: 'GET',
    path: `/api/tasks/${seededTaskId(reader(n), 1 + (n % seed.tasksEach))}`,
    headers: as(reader(n)),
  });
  const write = (request: Request): Request => (isKeyed ? withKey(request) : request);
  const create = (n: number): Request =>
    write({
      method: 'POST',
      path: '/api/tasks',
      headers: { ...as(writer(n)), 'content-type': 'application/json' },
      body: JSON.stringify({ title: `Made by the benchmark ${n}`, description: 'As people write them' }),
    });
  const complete = (n: number): Request =>
    write({
      method: 'PATCH',
      path: `/api/tasks/${seededTaskId(writer(n), 1 + (n % seed.tasksEach))}/complete`,
      headers: as(writer(n)),
    });
  const unchanged = await Promise.all(
    Array.from({ length: readers }, async (_, n): Promise<Request> => {
      const request = list(n);
      const answer = await fetch(url + (request.path ?? ''), {
        headers: { authorization: as(reader(n)).authorization },
      });
      await answer.arrayBuffer();
      return {
        ...request,
        headers: { ...request.headers, 'if-none-match': answer.headers.get('etag') ?? '*' },
      };
    }),
  );
  // 70 % lists, 20 % single tasks, 10 % writes (half of them creations), evenly distributed
  const mix = (n: number): Request => {
    const part = n % 10;
    if (part < 7) return list(n);
    if (part < 9) return get(n);
    return n % 20 === 9 ? create(n) : complete(n);
  };
  return {
    list: forReaders(list),
    unchanged,
    get: forReaders(get),
    create: forReaders(create),
    complete: forReaders(complete),
    mix: forReaders(mix),
  };
};
