import { expect } from 'chai';
import { webStorage, type QueuedWrite, type TaskDraft } from '../../../client/src/taskhold.ts';
import { clientUser } from '../../support/client/client-user.ts';
import { problem } from '../../support/client/faulty-proxy.ts';
import { leftEntry, localStorageOf, startQueue } from '../../support/client/queues.ts';
import { tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { rejection } from '../../support/rejection.ts';
import { until } from '../../support/until.ts';

const create = (title: string) => ({ kind: 'create', draft: { title } }) as const;

describeInMemory('failures of the queue of the client', (service) => {
  it('given 500 or an error page of a proxy: the write waits, under the same key, with longer pauses', async () => {
    const page = '<h1>An error</h1>';
    for (const faults of [
      [problem(500, 'internal_error'), problem(501, 'malformed_request')],
      [
        { status: 500, body: page },
        { status: 403, body: page },
      ],
      [
        { status: 404, body: page },
        { status: 413, body: {} },
      ],
    ]) {
      await using mine = await clientUser(service());
      mine.proxy.next('/api', ...faults);
      using watched = startQueue(mine.client, { retryDelayMs: 100 });
      await watched.queue.add(create('a'));
      await watched.queue.add(create('b'));
      await watched.reports(2);
      expect(watched.settled).to.deep.equal([
        ['done', 'a'],
        ['done', 'b'],
      ]);
      const [first, second, third] = mine.proxy.seen;
      expect(new Set([first, second, third].map((seen) => seen?.headers['idempotency-key'])).size).to.equal(
        1,
      );
      expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.at.least(49);
      expect((third?.at ?? 0) - (second?.at ?? 0)).to.be.at.least(99);
    }
  });

  it('given an error page: the write counts as sent, so that it expires if this stays for a day', async () => {
    await using mine = await clientUser(service());
    mine.proxy.always('/api', { status: 404, body: '<h1>Nothing here</h1>' });
    using watched = startQueue(mine.client, { retryDelayMs: 60_000 });
    await watched.queue.add(create('a'));
    await until('it was tried', () => mine.proxy.seen.length === 1 && mine.proxy.open() === 0);
    await watched.queue.flush();
    expect((await watched.queue.pending())[0]?.sentAt).to.be.a('number');
  });

  it('given a token that never arrives: the write counts as never sent, so that it does not expire', async () => {
    await using mine = await clientUser(service(), {
      token: () => new Promise<string>(() => undefined),
      timeoutMs: 50,
    });
    using watched = startQueue(mine.client, { retryDelayMs: 60_000 });
    await watched.queue.add(create('a'));
    expect(await watched.queue.flush()).to.equal(false);
    const [entry] = await watched.queue.pending();
    expect([entry?.sentAt, mine.proxy.seen.length]).to.deep.equal([null, 0]);
  });

  it('given a write that cannot be sent: add rejects with a TypeError, and keeps nothing', async () => {
    await using mine = await clientUser(service());
    using watched = startQueue(mine.client);
    const endless: TaskDraft & { self?: unknown } = { title: 'a' };
    endless.self = endless;
    const answer = watched.queue.add({ kind: 'create', draft: endless });
    expect(await rejection(answer)).to.be.instanceOf(TypeError);
    expect(await watched.queue.pending()).to.deep.equal([]);
  });

  it('given reports that throw: the error is reported, and the writes behind go on', async () => {
    await using mine = await clientUser(service());
    const reported = watchConsole();
    try {
      let reports = 0;
      const queue = mine.client.queue({
        retryDelayMs: 20,
        onSettled: () => {
          reports += 1;
          throw new Error('A fault of the app');
        },
      });
      for (const title of ['a', 'b']) await queue.add(create(title));
      await until('both are settled', async () => (await queue.pending()).length === 0);
      queue.close();
      expect(reports).to.equal(2);
      expect(reported.errors.map(String)).to.deep.equal(Array(2).fill('Error: A fault of the app'));
    } finally {
      reported.end();
    }
  });

  it('given a storage that fails for a while: no unhandled rejection, and the write is sent later', async () => {
    await using mine = await clientUser(service());
    for (const method of ['all', 'put', 'remove'] as const) {
      const reported = watchConsole();
      const kept = webStorage(localStorageOf(), method);
      let failures = 0;
      /** `add` succeeds; what fails is to send. */
      let isBroken = false;
      const fail = (): void => {
        if (!isBroken || failures === 2) return;
        failures += 1;
        throw new Error('The storage is full');
      };
      const storage = {
        ...kept,
        all: () => (method === 'all' && fail(), kept.all()),
        put: (entry: QueuedWrite) => {
          if (method === 'put') fail();
          isBroken = true;
          return kept.put(entry);
        },
        remove: (id: string) => (method === 'remove' && fail(), kept.remove(id)),
      };
      try {
        using watched = startQueue(mine.client, { storage });
        await watched.queue.add(create(method));
        await until('nothing is left', async () => (await kept.all()).length === 0 && failures === 2);
        expect(watched.settled[0]).to.deep.equal(['done', method]);
        await until('both are reported', () => reported.errors.length === 2);
        expect(reported.errors.map(String)).to.deep.equal(Array(2).fill('Error: The storage is full'));
      } finally {
        reported.end();
      }
    }
    expect(tasksOf(await mine.user.get('/api/tasks'))).to.have.length(3);
  });

  it('given a flush while the storage fails: rejected with its error', async () => {
    await using mine = await clientUser(service());
    const fault = new Error('The storage is broken');
    const reported = watchConsole();
    try {
      const storage = { ...webStorage(localStorageOf(), 'me'), all: () => Promise.reject(fault) };
      using watched = startQueue(mine.client, { storage, retryDelayMs: 60_000 });
      expect(await rejection(watched.queue.flush())).to.equal(fault);
    } finally {
      reported.end();
    }
  });

  it('given entries of localStorage that are broken: skipped, and left where they are', async () => {
    await using mine = await clientUser(service());
    const places = localStorageOf();
    const storage = webStorage(places, 'me');
    const entry = (part: object): string => JSON.stringify({ ...leftEntry('a', 'id', null), ...part });
    const target = '01a1fe0a-816e-7688-ab9b-3fb3618d9197';
    const broken = [
      '{',
      'null',
      '{}',
      '"id"',
      entry({ queuedAt: null }),
      entry({ queuedAt: '1' }),
      entry({ sentAt: '1' }),
      entry({ sentAt: undefined }),
      ...[
        null,
        {},
        { kind: 'create' },
        { kind: 'create', draft: null },
        { kind: 'purge', target },
        { kind: 'delete' },
        { kind: 'restore', target: { id: target } },
        { kind: 'update', target },
        { kind: 'update', target, changes: 'a' },
        { kind: 'complete', target },
      ].map((write) => entry({ write })),
    ];
    broken.forEach((text, index) =>
      places.setItem(`${storage.name}:${index}`, text.replace('"id":"id"', `"id":"${index}"`)),
    );
    places.setItem(`${storage.name}:other`, JSON.stringify(leftEntry('another id', 'one', null)));
    using watched = startQueue(mine.client, { storage });
    await watched.queue.add(create('a'));
    await watched.reports(1);
    expect([await watched.queue.flush(), places.length]).to.deep.equal([true, broken.length + 1]);
  });
});

/** Collects what the client reports by `console.error` until `end`; Node has no `reportError`. */
const watchConsole = () => {
  const errors: unknown[] = [];
  const before = console.error;
  console.error = (...values: readonly unknown[]) => void errors.push(...values);
  return { errors, end: () => void (console.error = before) };
};
