import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { TaskholdError } from '../../../../src/domain/errors.ts';
import { summarizeRepeats } from '../../../../src/infrastructure/observability/summarize-repeats.ts';
import { mock } from 'node:test';

describe('summarizeRepeats', () => {
  let observed: Observation[];
  let subject: ReturnType<typeof summarizeRepeats>;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    observed = [];
    subject = summarizeRepeats((observation) => void observed.push(observation));
  });
  afterEach(() => {
    subject[Symbol.dispose]();
    mock.timers.reset();
  });

  const withCode = (code: string) => Object.assign(new Error(`something ${Math.random()}`), { code });
  const databaseError = (code: string): Observation => ({
    type: 'database_error',
    reason: 'too_many_connections',
    error: withCode(code),
  });
  const failure = (code: string, error: unknown, requestId = 'a'): Observation => ({
    type: 'failure',
    requestId,
    code,
    error,
  });
  const repeated = (of: string, count: number, total: number, isOver = false): Observation => ({
    type: 'repeated',
    of,
    count,
    total,
    isOver,
  });

  it('given one failure: passes it on, and nothing else', () => {
    const one = databaseError('53300');
    subject.observe(one);
    mock.timers.tick(60_000);
    expect(observed).to.deep.equal([one]);
  });

  it('given a repeated failure: the first, a count every 10 s, and the end', () => {
    const one = databaseError('53300');
    subject.observe(one);
    for (let n = 0; n < 4; n += 1) subject.observe(databaseError('53300'));
    mock.timers.tick(10_000);
    subject.observe(databaseError('53300'));
    mock.timers.tick(30_000);
    const of = 'database_error too_many_connections';
    expect(observed).to.deep.equal([one, repeated(of, 4, 4), repeated(of, 1, 5), repeated(of, 0, 5, true)]);
    subject.observe(one);
    expect(observed.at(-1), 'after its end').to.equal(one);
  });

  it('given failures of requests with one cause: the first, and a count', () => {
    const cause = (n: number) => new TaskholdError('unavailable', 'no', { cause: new Error(`port ${n}`) });
    for (let n = 0; n < 100; n += 1) subject.observe(failure('unavailable', cause(n), `request ${n}`));
    mock.timers.tick(10_000);
    expect(observed.slice(1)).to.deep.equal([repeated('failure unavailable', 99, 99)]);
  });

  it('given failures of different kinds: the first of each', () => {
    const all = [
      databaseError('53300'),
      databaseError('53100'),
      failure('unavailable', withCode('53300')),
      failure('outcome_unknown', withCode('53300')),
    ];
    for (const one of all) subject.observe(one);
    expect(observed).to.deep.equal(all);
  });

  const lost = (message: string, isFirst = false): Observation => ({
    type: 'redis_lost',
    isFirst,
    error: new Error(message),
  });

  it('given a Redis that is lost, and then fails for another cause: the first of each cause, and a count', () => {
    const [closed, refused] = [lost('Socket closed unexpectedly', true), lost('WRONGPASS invalid')];
    for (const one of [closed, refused, lost('WRONGPASS invalid'), lost('WRONGPASS invalid')])
      subject.observe(one);
    mock.timers.tick(10_000);
    expect(observed).to.deep.equal([closed, refused, repeated('redis_lost', 2, 2)]);
  });

  it('given a Redis that is lost again for the same cause within 10 s: a line for each loss and recovery', () => {
    const all = [
      lost('Socket closed unexpectedly', true),
      { type: 'redis_recovered' } as const,
      lost('Socket closed unexpectedly', true),
    ];
    for (const one of all) subject.observe(one);
    expect(observed).to.deep.equal(all);
  });

  it('given a Redis that recovers: counts what is left before, and ends the count', () => {
    const [first, recovered] = [lost('refused', true), { type: 'redis_recovered' } as const];
    for (const one of [first, lost('refused'), databaseError('53300'), recovered]) subject.observe(one);
    mock.timers.tick(60_000);
    expect(observed.filter(({ type }) => type !== 'database_error')).to.deep.equal([
      first,
      repeated('redis_lost', 1, 1, true),
      recovered,
    ]);
  });

  it('given bugs and other observations: passes all on', () => {
    const all = [1, 2, 3].flatMap((): Observation[] => [
      failure('internal_error', new Error('x')),
      { type: 'redis_recovered' },
    ]);
    for (const one of all) subject.observe(one);
    expect(observed).to.deep.equal(all);
  });

  it('given the end of the log: counts what is left', () => {
    const one = databaseError('53300');
    subject.observe(one);
    subject.observe(one);
    subject[Symbol.dispose]();
    expect(observed).to.deep.equal([one, repeated('database_error too_many_connections', 1, 1)]);
  });

  it('given more than 100 kinds at the same time: the others are passed on', () => {
    const kinds = Array.from({ length: 150 }, (_, n) => databaseError(`C${n}`));
    for (const one of [...kinds, ...kinds]) subject.observe(one);
    expect(observed.length).to.equal(150 + 50);
  });
});
