import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { startIssuer } from '../../support/tokens/issuer.ts';
import { runMain, startMain } from '../../support/processes/main-program.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { claimsOf, keyPairSigner, tokenBy } from '../../support/tokens/signers.ts';
import { testSecret, tokenFor } from '../../support/tokens/tokens.ts';
import { timed, until } from '../../support/until.ts';

const value = z.object({ stringValue: z.string().optional(), intValue: z.number().optional() });
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .transform((list) =>
    Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue])),
  );
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes,
});
type Span = z.infer<typeof span> & { readonly resource: Readonly<Record<string, unknown>> };

const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** A collector of OTLP over HTTP, in JSON. */
const startCollector = async () => {
  const spans: Span[] = [];
  const bodies: string[] = [];
  const receive = async (request: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk));
    const body = Buffer.concat(chunks).toString();
    bodies.push(body);
    for (const { resource, scopeSpans } of exported.parse(JSON.parse(body)).resourceSpans)
      for (const scope of scopeSpans)
        spans.push(...scope.spans.map((one) => ({ ...one, resource: resource.attributes })));
  };
  const server = createServer((request, response) => {
    void receive(request).finally(() => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    spans,
    bodies,
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const trace = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';
const traceparent = `00-${trace}-${parent}-01`;

describe('traces', function () {
  this.timeout(60_000);
  let database: TestDatabase;

  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());

  it('given a traceparent: the request, its use case and its SQL are spans of that trace', async () => {
    await using collector = await startCollector();
    await using program = await startMain({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=tests',
      ...collector.environment,
    });
    const headers = {
      authorization: `Bearer ${await tokenFor('traced-user')}`,
      'content-type': 'application/json',
      'x-request-id': 'traced-request',
      traceparent,
    };
    const body = '{"title":"A title nobody may read"}';
    const answer = await fetch(`http://127.0.0.1:${program.port}/api/tasks`, {
      method: 'POST',
      headers,
      body,
    });
    expect(answer.status).to.equal(201);
    const named = (name: string) => collector.spans.find((one) => one.traceId === trace && one.name === name);
    await until('all spans are exported', () =>
      ['POST /api/tasks', 'createTask', 'SQL'].every((name) => named(name) !== undefined),
    );
    const [request, useCase, statement] = [named('POST /api/tasks')!, named('createTask')!, named('SQL')!];
    expect([request.parentSpanId, useCase.parentSpanId, statement.parentSpanId]).to.deep.equal([
      parent,
      request.spanId,
      useCase.spanId,
    ]);
    expect(request.attributes).to.deep.equal({
      'http.request.method': 'POST',
      'http.route': '/api/tasks',
      'http.response.status_code': 201,
      'taskhold.request_id': 'traced-request',
    });
    expect(statement.attributes['db.query.text']).to.match(/INSERT INTO tasks/);
    expect(request.resource).to.include({
      'service.name': 'taskhold',
      'deployment.environment.name': 'tests',
    });
    program.process.kill('SIGTERM');
    expect(await program.ended()).to.equal(0);
    expect(collector.bodies.join('')).not.to.match(/nobody may read|traced-user|Bearer|eyJ/);
  });

  it('given a JWKS fetch: the request to the issuer carries the traceparent', async () => {
    const signer = keyPairSigner('ES256');
    await using issuer = await startIssuer(signer.jwk);
    const seen: unknown[] = [];
    issuer.respond = (response) => {
      seen.push(response.req.headers['traceparent']);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [signer.jwk] }));
    };
    await using collector = await startCollector();
    await using program = await startMain({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      BETTER_AUTH_SECRET: '',
      JWKS_URL: issuer.url,
      ...collector.environment,
    });
    const headers = { authorization: `Bearer ${tokenBy(signer, claimsOf('u'))}`, traceparent };
    const answer = await fetch(`http://127.0.0.1:${program.port}/api/tasks`, { headers });
    expect(answer.status).to.equal(200);
    expect(seen).to.have.length(1);
    expect(seen[0]).to.match(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  });

  for (const off of [{ OTEL_TRACES_EXPORTER: 'none' }, { OTEL_SDK_DISABLED: 'true' }]) {
    it(`given ${Object.keys(off).join()}: no span is exported`, async () => {
      await using collector = await startCollector();
      const environment = { NODE_ENV: 'test', DATABASE_URL: database.url, ...collector.environment, ...off };
      await using program = await startMain(environment);
      const headers = { authorization: `Bearer ${await tokenFor('u')}`, traceparent };
      expect((await fetch(`http://127.0.0.1:${program.port}/api/tasks`, { headers })).status).to.equal(200);
      program.process.kill('SIGTERM');
      expect(await program.ended()).to.equal(0);
      expect(collector.spans).to.deep.equal([]);
    });
  }

  it('given an unreachable collector: requests succeed, and the shutdown is not delayed', async () => {
    await using program = await startMain({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const headers = { authorization: `Bearer ${await tokenFor('u')}` };
    const send = async () => (await fetch(`http://127.0.0.1:${program.port}/api/tasks`, { headers })).status;
    expect(await send()).to.equal(200);
    await until('the loss is logged', () => program.output().includes('"traces_lost"'), 10_000);
    expect(await send()).to.equal(200);
    const [code, milliseconds] = await timed(() => {
      program.process.kill('SIGTERM');
      return program.ended();
    });
    expect(code).to.equal(0);
    expect(milliseconds).to.be.lessThan(6_000);
  });

  it('given an unknown exporter: exit code 78', async () => {
    await using program = runMain({
      DATABASE_URL: database.url,
      BETTER_AUTH_SECRET: testSecret,
      PORT: '0',
      OPS_PORT: '0',
      OTEL_TRACES_EXPORTER: 'zipkin',
    });
    expect(await program.ended()).to.equal(78);
    expect(program.output()).to.include('OTEL_TRACES_EXPORTER must be otlp or none');
  });
});
