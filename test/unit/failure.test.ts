import { expect } from 'chai';
import { ConnectionError, SlonikError } from 'slonik';
import { TaskholdError } from '../../src/domain/errors.ts';
import { TooLate } from '../../src/infrastructure/postgres/deadline.ts';
import { asFailure, unavailable } from '../../src/infrastructure/postgres/failure.ts';

const withCode = (code: string, message = 'something'): Error => Object.assign(new Error(message), { code });

describe('asFailure', () => {
  const states = ['08006', '08P01', '53300', '57P01', '57P03', '57014', '40001', '40P01', '25006', '55P03'];
  const errnos = [
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOENT',
  ];
  const names = ['ENOTFOUND', 'EAI_AGAIN'];
  const passing: readonly (readonly [what: string, error: unknown])[] = [
    ...[...states, ...errnos, ...names].map((code) => [code, withCode(code)] as const),
    ['a terminated connection', new Error('Connection terminated unexpectedly')],
    ['a connection that took too long', new Error('timeout expired')],
    ['an answer that took too long', new TooLate(5)],
    ['a connection that Slonik could not open', new ConnectionError('password authentication failed')],
    ['one of these inside of an error of Slonik', new SlonikError('x', { cause: withCode('57P01') })],
    ['one of these inside of another error', new Error('x', { cause: withCode('57P01') })],
    ['several hosts that cannot be reached', new AggregateError([new Error('x'), withCode('ECONNREFUSED')])],
  ];
  for (const [what, error] of passing)
    it(`makes ${what} unavailable, and keeps it as the cause`, () => {
      const failure = asFailure(error);
      expect(failure).to.be.instanceOf(TaskholdError).and.to.include({ code: 'unavailable', cause: error });
    });

  const others: readonly (readonly [what: string, error: unknown])[] = [
    ['a constraint', withCode('23505')],
    ['a syntax error', withCode('42601')],
    ['a missing table', withCode('42P01')],
    ['text that cannot be kept', withCode('22021')],
    ['a bug', new TypeError('x is not a function')],
    ['a bug inside of an error of Slonik', new SlonikError('x', { cause: withCode('42601') })],
    ['what is no error', 'ECONNREFUSED'],
    ['nothing', undefined],
    ['an error of the core', new TaskholdError('unavailable', 'busy')],
  ];
  for (const [what, error] of others)
    it(`leaves ${what} as it is`, () => {
      expect(asFailure(error)).to.equal(error);
    });
});

describe('unavailable', () => {
  it('says so once', () => {
    const error = new TaskholdError('unavailable', 'busy');
    expect(unavailable(error)).to.equal(error);
  });

  it('tells a client nothing of the cause', () => {
    const error = unavailable(new Error('password authentication failed for user "taskhold"'));
    expect(error.message).to.equal('The database cannot be reached; try again shortly.');
  });
});
