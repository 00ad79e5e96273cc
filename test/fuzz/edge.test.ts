import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { Received } from '../support/http/raw-http.ts';
import { mutate } from '../support/tasks/mutations.ts';
import { random, type Random } from '../support/random.ts';
import { startService, type Service, type User } from '../support/http/service.ts';
import { randomRequests } from '../support/http/random-requests.ts';
import { taskOf } from '../support/http/response-schemas.ts';

/** The number of requests of each kind. `FUZZ_REQUESTS` sets more for longer runs. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 600);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const concurrency = 16;

// The HTTP layer's statuses for unknown methods and versions; any other 5xx is a defect of the service.
const allowedServerErrors = new Set([501, 505]);

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

const isCollector = (value: unknown): value is () => void => typeof value === 'function';

const usedAfterCollection = (): number => {
  if (isCollector(collectGarbage)) collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

describe(`random requests (seed ${seed})`, function () {
  this.timeout(60_000 + requests * 20);
  let service: Service;
  let user: User;
  let ids: readonly string[];

  before(async () => {
    service = await startService({
      store: 'PostgreSQL',
      environment: { CACHE_MAX_OWNERS: '100', RATE_LIMIT_MAX: '1000000', RATE_LIMIT_ADDRESS_MAX: '10000000' },
      overrides: { observer: () => undefined },
    });
    user = await service.user();
    const created = ['one', 'two', 'three'].map((title) => user.post('/api/tasks', { title }));
    ids = (await Promise.all(created)).map((answer) => taskOf(answer).id);
  });
  after(() => service[Symbol.asyncDispose]());

  /** The client has already checked form, header fields and problem of each response. */
  const assertResponses = (what: string, { answers, closed }: Received): void => {
    expect(closed, `the server leaves the connection open: ${what}`).to.equal(true);
    for (const { status } of answers) {
      expect(status < 500 || allowedServerErrors.has(status), `${status} to ${what}`).to.equal(true);
    }
  };

  const repeat = async (sendOne: (random: Random) => Promise<void>): Promise<void> => {
    let started = 0;
    const worker = async (): Promise<void> => {
      while (started < requests) await sendOne(random(seed + started++));
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  };

  const assertHealthy = async (before: number): Promise<void> => {
    const answer = await user.get('/api/tasks');
    expect(answer.status).to.equal(200);
    expect(usedAfterCollection() - before, 'megabytes more than before').to.be.below(30);
  };

  it('given valid requests with random bytes changed: no unexpected 5xx, no leak, connections closed', async () => {
    const authorization = `Host: x\r\nAuthorization: Bearer ${user.token}\r\n`;
    const task = '{"title":"Buy milk","completed":false}';
    const json = `Content-Type: application/json\r\nContent-Length: ${task.length}\r\n`;
    const valid = [
      `GET /api/tasks?status=pending&limit=2 HTTP/1.1\r\n${authorization}If-None-Match: W/"1-x"\r\n\r\n`,
      `GET /api/tasks?q=m%C3%BC&sort=title&order=desc&tags=a,b&due_after=2026-11-30&page=2&count=true HTTP/1.1\r\n${authorization}\r\n`,
      `POST /api/tasks HTTP/1.1\r\n${authorization}${json}\r\n${task}`,
      `PUT ${user.lists.named}/${ids[0]} HTTP/1.1\r\n${authorization}If-Match: "1"\r\n${json}\r\n${task}`,
      `PATCH /api/tasks/${ids[1]}/complete HTTP/1.1\r\n${authorization}Content-Length: 0\r\n\r\n`,
      `POST /api/tasks HTTP/1.1\r\n${authorization}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${task.length.toString(16)}\r\n${task}\r\n0\r\n\r\n`,
      `GET ${user.lists.named}/trash?per_page=2&cursor=dHJhc2ggNw HTTP/1.1\r\n${authorization}If-None-Match: W/"x"\r\n\r\n`,
      `POST /api/tasks/${ids[2]}/restore HTTP/1.1\r\n${authorization}If-Match: "4"\r\nContent-Length: 0\r\n\r\n`,
      `DELETE /api/tasks/trash/${ids[0]} HTTP/1.1\r\n${authorization}\r\n`,
      `DELETE /api/tasks/${ids[2]} HTTP/1.1\r\n${authorization}\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n`,
    ].map((text) => Buffer.from(text));
    const before = usedAfterCollection();
    await repeat(async (random) => {
      const bytes = mutate(random.pick(valid), random);
      const received = await service.raw(bytes, { then: (socket) => socket.end(), deadline: 8_000 });
      assertResponses(JSON.stringify(bytes.toString('latin1')), received);
    });
    await assertHealthy(before);
  });

  it('given random values for documented operations: documented responses, no 5xx, no leak', async () => {
    const openapi: unknown = JSON.parse((await service.anonymous.get('/openapi.json')).text);
    const nextRequest = randomRequests(openapi, { users: [user.id, 'somebody-else'], ids });
    const before = usedAfterCollection();
    await repeat(async (random) => {
      const { method, target, headers, body } = nextRequest(random);
      const answer = await user.send(method, target, { headers, ...(body === undefined ? {} : { body }) });
      const what = `${method} ${target} ${JSON.stringify(headers)} ${body ?? ''}`;
      expect(answer.status, what).to.be.below(500);
    });
    await assertHealthy(before);
  });
});
