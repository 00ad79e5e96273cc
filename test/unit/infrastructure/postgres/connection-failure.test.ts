import { expect } from 'chai';
import { DatabaseError } from 'pg';
import { ConnectionError, SlonikError } from 'slonik';
import { TaskholdError } from '../../../../src/domain/errors.ts';
import { TimeoutError } from '../../../../src/infrastructure/postgres/client/statement-timeout.ts';
import {
  classifyError,
  isRejectedValue,
  unavailable,
} from '../../../../src/infrastructure/postgres/client/connection-failure.ts';

const withCode = (code: string, message = 'something'): Error => Object.assign(new Error(message), { code });

const circular: Error = new Error('x');
circular.cause = circular;

const described = (error: Error): string =>
  error instanceof DatabaseError ? `${error.code} ${error.severity}` : error.message || error.name;

describe('classifyError', () => {
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
    ['an answer that took too long', new TimeoutError(5)],
    ['a connection that Slonik could not open', new ConnectionError('password authentication failed')],
    ['one of these inside of an error of Slonik', new SlonikError('x', { cause: withCode('57P01') })],
    ['one of these inside of another error', new Error('x', { cause: withCode('57P01') })],
    ['several hosts that cannot be reached', new AggregateError([new Error('x'), withCode('ECONNREFUSED')])],
  ];
  for (const [what, error] of passing)
    it(`makes ${what} unavailable, and keeps it as the cause`, () => {
      const failure = classifyError(error);
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
    ['an error that is its own cause', circular],
    ['an error of the core', new TaskholdError('unavailable', 'busy')],
  ];
  for (const [what, error] of others)
    it(`leaves ${what} as it is`, () => {
      expect(classifyError(error)).to.equal(error);
    });
});

describe('classifyError of a write that was sent', () => {
  const answered = (code: string, severity: string): DatabaseError => {
    const error = new DatabaseError('something', 0, 'error');
    return Object.assign(error, { code, severity });
  };
  const codeOf = (error: unknown): unknown => {
    const failure = classifyError(error, true);
    return failure instanceof TaskholdError ? failure.code : failure;
  };

  // PostgreSQL has rolled the write back, and says so; "FEHLER" is "ERROR" where lc_messages is German.
  const undone = [
    answered('57014', 'ERROR'),
    answered('57014', 'FEHLER'),
    answered('53100', 'ERROR'),
    answered('25006', 'ERROR'),
    answered('40001', 'ERROR'),
    answered('55P03', 'ERROR'),
    new SlonikError('x', { cause: answered('57014', 'ERROR') }),
  ];
  for (const error of undone)
    it(`is unavailable where the server answered that it failed (${described(error)})`, () => {
      expect(codeOf(error)).to.equal('unavailable');
    });

  const unknown = [
    answered('57P01', 'FATAL'),
    answered('57P02', 'FATAL'),
    answered('57P01', 'FATAL: …'),
    answered('08P01', 'FATAL'),
    answered('40003', 'ERROR'),
    answered('53100', 'PANIC'),
    answered('53100', 'PANIK'),
    new SlonikError('x', { cause: answered('57P01', 'FATAL') }),
    answered('58030', 'PANIC'),
    answered('XX000', 'FATAL'),
    withCode('EPROTO'),
    new Error('Client is pending destroy.'),
    new Error('Connection terminated unexpectedly'),
    withCode('ECONNRESET'),
    new TimeoutError(5),
  ];
  for (const error of unknown)
    it(`is outcome_unknown where the connection was lost (${described(error)})`, () => {
      expect(codeOf(error)).to.equal('outcome_unknown');
      expect(classifyError(error, true)).to.include({ cause: error });
    });

  it('leaves a bug as it is, where the server answered', () => {
    for (const error of [answered('42601', 'ERROR'), answered('XX000', 'ERROR')])
      expect(classifyError(error, true)).to.equal(error);
  });
});

describe('isRejectedValue', () => {
  it('is true for a value that PostgreSQL refuses, and not for a statement that it refuses', () => {
    for (const code of ['22021', '22001', '23505', '23514'])
      expect(isRejectedValue(Object.assign(new DatabaseError('x', 0, 'error'), { code })), code).to.be.true;
    for (const code of ['42703', '42601', '57P01', '40001'])
      expect(isRejectedValue(Object.assign(new DatabaseError('x', 0, 'error'), { code })), code).to.be.false;
    expect(isRejectedValue(new SlonikError('x', { cause: withCode('22021') }))).to.be.false;
    expect(isRejectedValue(new TypeError('a bug'))).to.be.false;
  });
});

describe('unavailable', () => {
  it('says so once', () => {
    const error = new TaskholdError('unavailable', 'busy');
    expect(unavailable(error)).to.equal(error);
  });

  it('tells a client nothing of the cause', () => {
    const error = unavailable(new Error('password authentication failed for user "taskhold"'));
    expect(error.message).to.equal('The database cannot be reached. Nothing was done; try again shortly.');
  });
});
