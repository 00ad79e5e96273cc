import { expect } from 'chai';
import { DatabaseError } from 'pg';
import { ConnectionError, SlonikError } from 'slonik';
import { TaskholdError } from '../../../../src/domain/errors.ts';
import { TimeoutError } from '../../../../src/infrastructure/system/timeout.ts';
import {
  classifyError,
  isRejectedValue,
  unavailable,
} from '../../../../src/infrastructure/postgres/client/connection-failure.ts';

const withCode = (code: string, message = 'something'): Error => Object.assign(new Error(message), { code });

const circular: Error = new Error('x');
circular.cause = circular;

const describeError = (error: Error): string =>
  error instanceof DatabaseError ? `${error.code} ${error.severity}` : error.message || error.name;

describe('classifyError', () => {
  const states = [
    '08006',
    '08P01',
    '53300',
    '57P01',
    '57P03',
    '57014',
    '40001',
    '40P01',
    '25006',
    '25P04',
    '55P03',
  ];
  const storage = ['58000', '58030', '58P01', '58P02', 'XX001', 'XX002'];
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
  const unavailableErrors: readonly (readonly [what: string, error: unknown])[] = [
    ...[...states, ...storage, ...errnos, ...names].map((code) => [code, withCode(code)] as const),
    ['a terminated connection', new Error('Connection terminated unexpectedly')],
    ['a connection that timed out', new Error('timeout expired')],
    ['a statement that timed out', new TimeoutError(5)],
    ['a connection that Slonik could not open', new ConnectionError('password authentication failed')],
    ['57P01 as the cause of an error of Slonik', new SlonikError('x', { cause: withCode('57P01') })],
    ['57P01 as the cause of another error', new Error('x', { cause: withCode('57P01') })],
    ['several hosts that cannot be reached', new AggregateError([new Error('x'), withCode('ECONNREFUSED')])],
  ];
  for (const [what, error] of unavailableErrors)
    it(`given ${what}: returns unavailable with it as the cause`, () => {
      const failure = classifyError(error);
      expect(failure).to.be.instanceOf(TaskholdError).and.to.include({ code: 'unavailable', cause: error });
    });

  const otherErrors: readonly (readonly [what: string, error: unknown])[] = [
    ['a violated constraint', withCode('23505')],
    ['a syntax error', withCode('42601')],
    ['a missing table', withCode('42P01')],
    ['an internal error of the server', withCode('XX000')],
    ['text that cannot be stored', withCode('22021')],
    ['a bug', new TypeError('x is not a function')],
    ['a syntax error as the cause of an error of Slonik', new SlonikError('x', { cause: withCode('42601') })],
    ['a string', 'ECONNREFUSED'],
    ['undefined', undefined],
    ['an error that is its own cause', circular],
    ['a TaskholdError', new TaskholdError('unavailable', 'busy')],
  ];
  for (const [what, error] of otherErrors)
    it(`given ${what}: returns it unchanged`, () => {
      expect(classifyError(error)).to.equal(error);
    });
});

describe('classifyError of a write that was sent', () => {
  const serverError = (code: string, severity: string): DatabaseError => {
    const error = new DatabaseError('something', 0, 'error');
    return Object.assign(error, { code, severity });
  };
  const codeOf = (error: unknown): unknown => {
    const failure = classifyError(error, true);
    return failure instanceof TaskholdError ? failure.code : failure;
  };

  // PostgreSQL has rolled the write back. "FEHLER" is "ERROR" where lc_messages is German.
  const rolledBack = [
    serverError('57014', 'ERROR'),
    serverError('57014', 'FEHLER'),
    serverError('53100', 'ERROR'),
    serverError('25006', 'ERROR'),
    serverError('40001', 'ERROR'),
    serverError('55P03', 'ERROR'),
    serverError('58030', 'ERROR'),
    serverError('58P01', 'ERROR'),
    serverError('XX001', 'ERROR'),
    serverError('XX002', 'ERROR'),
    new SlonikError('x', { cause: serverError('57014', 'ERROR') }),
  ];
  for (const error of rolledBack)
    it(`given an error after a rollback (${describeError(error)}): unavailable`, () => {
      expect(codeOf(error)).to.equal('unavailable');
    });

  // PostgreSQL ends a session for being idle only while it waits for a command: it has not read the statement.
  for (const severity of ['FATAL', 'SCHWERWIEGEND'])
    it(`given a session that ended because it was idle (57P05 ${severity}): unavailable`, () => {
      const error = serverError('57P05', severity);
      expect(codeOf(error)).to.equal('unavailable');
      expect(codeOf(new SlonikError('x', { cause: error }))).to.equal('unavailable');
    });

  const unknown = [
    serverError('25P04', 'FATAL'),
    serverError('25P04', 'ВАЖНО'),
    serverError('25P03', 'ВАЖНО'),
    serverError('57P01', 'FATAL'),
    serverError('57P02', 'FATAL'),
    serverError('57P01', 'FATAL: …'),
    serverError('08P01', 'FATAL'),
    serverError('40003', 'ERROR'),
    serverError('53100', 'PANIC'),
    serverError('53100', 'PANIK'),
    new SlonikError('x', { cause: serverError('57P01', 'FATAL') }),
    serverError('58030', 'PANIC'),
    serverError('58030', 'FEHLER'),
    serverError('58P01', 'FATAL'),
    serverError('XX001', 'PANIC'),
    serverError('XX000', 'FATAL'),
    withCode('EPROTO'),
    new Error('Client is pending destroy.'),
    new Error('Connection terminated unexpectedly'),
    withCode('ECONNRESET'),
    new TimeoutError(5),
  ];
  for (const error of unknown)
    it(`given an error without a certain rollback (${describeError(error)}): outcome_unknown`, () => {
      expect(codeOf(error)).to.equal('outcome_unknown');
      expect(classifyError(error, true)).to.include({ cause: error });
    });

  it('given a refused statement or an internal error of the server: returns it unchanged', () => {
    for (const error of [serverError('42601', 'ERROR'), serverError('XX000', 'ERROR')])
      expect(classifyError(error, true)).to.equal(error);
  });
});

describe('isRejectedValue', () => {
  it('given a refused value: true; given a refused statement or another error: false', () => {
    for (const code of ['22021', '22001', '23505', '23514', 'P0001'])
      expect(isRejectedValue(Object.assign(new DatabaseError('x', 0, 'error'), { code })), code).to.be.true;
    for (const code of ['42703', '42601', '57P01', '40001'])
      expect(isRejectedValue(Object.assign(new DatabaseError('x', 0, 'error'), { code })), code).to.be.false;
    expect(isRejectedValue(new SlonikError('x', { cause: withCode('22021') }))).to.be.false;
    expect(isRejectedValue(new TypeError('a bug'))).to.be.false;
  });
});

describe('unavailable', () => {
  it('given an error that is unavailable already: returns it unchanged', () => {
    const error = new TaskholdError('unavailable', 'busy');
    expect(unavailable(error)).to.equal(error);
  });

  const words: readonly (readonly [code: string, words: string])[] = [
    ['08006', 'The database cannot be reached.'],
    ['ECONNREFUSED', 'The database cannot be reached.'],
    ['28P01', 'The database cannot be reached.'],
    ['57P01', 'The database is starting or stopping.'],
    ['57P03', 'The database is starting or stopping.'],
    ['57014', 'The database did not answer in time.'],
    ['25P04', 'The database did not answer in time.'],
    ['25006', 'The database is read-only at the moment.'],
    ['53300', 'The database has no free connections.'],
    ['53100', 'The database has no free disk space.'],
    ['53200', 'The database lacks resources at the moment.'],
    ['58030', 'The database cannot read or write its files.'],
    ['58P01', 'The database cannot read or write its files.'],
    ['XX001', 'The database cannot read or write its files.'],
    ['XX002', 'The database cannot read or write its files.'],
    ['40001', 'Conflicting writes were running.'],
  ];
  for (const [code, text] of words)
    it(`given ${code}: "${text}"`, () => {
      for (const error of [
        withCode(code),
        new ConnectionError('secret', { cause: withCode(code) }),
        new AggregateError([new Error('x'), withCode(code)]),
      ])
        expect(unavailable(error).message).to.equal(`${text} Nothing was done; try again shortly.`);
    });

  it('given a cause: its message is not part of the message', () => {
    const error = unavailable(new Error('password authentication failed for user "taskhold"'));
    expect(error.message).to.equal('The database cannot be reached. Nothing was done; try again shortly.');
  });
});
