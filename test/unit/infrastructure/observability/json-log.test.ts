import { expect } from 'chai';
import { z } from 'zod';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { jsonLog } from '../../../../src/infrastructure/observability/json-log.ts';

const logged = (observations: readonly Observation[], level: Parameters<typeof jsonLog>[0] = 'info') => {
  const lines: string[] = [];
  const observe = jsonLog(level, { write: (line: string) => void lines.push(line) });
  for (const observation of observations) observe(observation);
  return lines;
};

const parsed = (lines: readonly string[]): Record<string, unknown>[] =>
  lines.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));

const request = {
  type: 'request',
  requestId: 'r-1',
  method: 'GET',
  route: '/api/tasks',
  status: 200,
  milliseconds: 12.345_678,
  bytes: 42,
  user: 'somebody@example.com',
  isReplay: false,
} as const;

describe('jsonLog', () => {
  it('given a request: writes one line of JSON', () => {
    const lines = logged([request]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^\{.*\}\n$/);
    const [entry] = parsed(lines);
    expect(entry).to.deep.include({
      level: 'info',
      msg: 'request',
      requestId: 'r-1',
      method: 'GET',
      route: '/api/tasks',
      status: 200,
      milliseconds: 12.35,
      bytes: 42,
    });
    expect(entry?.['time']).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('given users: logs a hash that differs between users, and no user id', () => {
    const lines = logged([
      request,
      { ...request, user: 'another@example.com' },
      request,
      { ...request, user: null },
    ]);
    expect(lines.join('')).not.to.include('example.com');
    const users = parsed(lines).map((entry) => entry['user']);
    expect(users[0]).to.match(/^[0-9a-f]{16}$/);
    expect([users[1] === users[0], users[2] === users[0], users[3]]).to.deep.equal([false, true, null]);
  });

  it('given a replay: marks it as replayed', () => {
    const entries = parsed(logged([request, { ...request, isReplay: true }]));
    expect(entries.map((entry) => entry['replayed'])).to.deep.equal([undefined, true]);
  });

  it('given a request of more than 200 ms: marks it as slow', () => {
    const entries = parsed(
      logged([request, { ...request, milliseconds: 200 }, { ...request, milliseconds: 200.1 }]),
    );
    expect(entries.map((entry) => entry['slow'])).to.deep.equal([undefined, undefined, true]);
  });

  it('given observations for metrics only, or below the level: writes nothing', () => {
    expect(logged([{ type: 'cache', outcome: 'hit' }])).to.deep.equal([]);
    expect(logged([request], 'warn')).to.deep.equal([]);
    expect(
      logged([{ type: 'failure', requestId: null, code: 'internal_error', error: new Error('x') }], 'silent'),
    ).to.deep.equal([]);
  });

  it('given an error: logs name, message, code and stack, and those of its causes', () => {
    const cause = Object.assign(new TypeError('the deeper reason'), { code: 'E_DEEP' });
    const error = new AggregateError([new RangeError('one of them')], 'it failed', { cause });
    const [entry] = parsed(logged([{ type: 'failure', requestId: 'r-2', code: 'internal_error', error }]));
    expect(entry).to.include({ level: 'error', msg: 'failure', requestId: 'r-2' });
    const shape = z.object({
      name: z.literal('AggregateError'),
      message: z.literal('it failed'),
      stack: z.string().includes('json-log.test.ts'),
      cause: z.looseObject({
        name: z.literal('TypeError'),
        message: z.literal('the deeper reason'),
        code: z.literal('E_DEEP'),
      }),
      errors: z.tuple([z.looseObject({ name: z.literal('RangeError') })]),
    });
    shape.parse(entry?.['error']);
  });

  it('given an error with additional properties: does not log them', () => {
    const error = Object.assign(new Error('failed', { cause: { password: 'hunter2' } }), {
      sql: 'INSERT INTO tasks …',
      values: ['a title nobody may read'],
      detail: 'Key (title)=(a title nobody may read) already exists.',
      config: { connectionString: 'postgres://root:hunter2@db/x' },
    });
    const text = logged([{ type: 'failure', requestId: null, code: 'internal_error', error }]).join('');
    expect(text).not.to.match(/hunter2|nobody may read|INSERT/);
  });

  for (const [what, text] of [
    ['a database URL', 'cannot connect to postgres://root:hunter2@db.example.com:5432/tasks'],
    ['a Redis URL', 'no answer from "rediss://:hunter2@cache:6379"'],
    ['a connection string', 'invalid DSN host=db password=hunter2 dbname=tasks'],
    ['a quoted member', `bad settings {"password": "hunter2"}`],
    ['a token', 'refused eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2'],
  ] as const) {
    it(`given an error with ${what}: hides the secret in message and stack`, () => {
      const error = new Error(text);
      const lines = [
        ...logged([{ type: 'database_error', reason: 'unreachable', error }]),
        ...logged([{ type: 'redis_lost', isFirst: true, error: new Error('lost', { cause: error }) }]),
        ...logged([{ type: 'failure', requestId: null, code: 'internal_error', error: text }]),
      ];
      expect(lines).to.have.length(3);
      expect(lines.join('')).not.to.match(/hunter2|eyJhbGci/);
    });
  }

  it('given a failure of the work in the background: a warning with its cause', () => {
    const [entry] = parsed(logged([{ type: 'maintenance_failed', error: new Error('unexpected') }]));
    expect(entry).to.include({ level: 'warn', msg: 'maintenance_failed' });
    expect(entry).to.have.nested.property('error.message', 'unexpected');
  });

  it('given a value that is not an error, or a circular cause: writes one line', () => {
    const circle = new Error('round');
    circle.cause = circle;
    for (const error of [circle, null, undefined, 7, Symbol('s'), { a: 1n }])
      expect(logged([{ type: 'failure', requestId: null, code: 'internal_error', error }])).to.have.length(1);
  });
});
