import { expect } from 'chai';
import { unreachableDatabaseLine } from '../../../src/bootstrap/failure-line.ts';
import { UnreachableDatabaseError } from '../../../src/infrastructure/postgres/connection/unreachable-error.ts';

describe('unreachableDatabaseLine', () => {
  for (const [code, state] of [
    ['53100', 'PostgreSQL has no free disk space'],
    ['53200', 'PostgreSQL lacks resources'],
    ['53300', 'PostgreSQL has no free connection'],
    ['57P03', 'PostgreSQL is starting or stopping'],
    ['57014', 'PostgreSQL did not answer in time'],
    ['25006', 'PostgreSQL is read-only'],
    ['58P01', 'PostgreSQL cannot read or write its files'],
    ['58030', 'PostgreSQL cannot read or write its files'],
    ['XX001', 'PostgreSQL cannot read or write its files'],
  ] as const)
    it(`given SQLSTATE ${code}: "${state}", also as a cause`, () => {
      const error = Object.assign(new Error('as PostgreSQL says'), { code });
      expect(unreachableDatabaseLine(error)).to.equal(`${state}: as PostgreSQL says. Check the server`);
      const caused = new UnreachableDatabaseError('as PostgreSQL says', { cause: error });
      expect(unreachableDatabaseLine(caused)).to.equal(`${state}: as PostgreSQL says. Check the server`);
    });

  for (const code of ['28P01', '3D000', '08006', 'ECONNREFUSED'])
    it(`given ${code}: "PostgreSQL cannot be reached"`, () => {
      expect(unreachableDatabaseLine(Object.assign(new Error('reason'), { code }))).to.equal(
        'PostgreSQL cannot be reached: reason. Check DATABASE_URL and the server',
      );
    });
});
