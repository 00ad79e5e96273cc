import { expect } from 'chai';
import { adviceFor, engineOf } from '../../../../src/infrastructure/postgres/requirements/engine.ts';

describe('engineOf', () => {
  const postgres = [
    'PostgreSQL 18.4 on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit',
    'PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc 12.2.0, 64-bit',
    'PostgreSQL 17.5 (6bc9ef8) on aarch64-unknown-linux-gnu, compiled by gcc (Debian 12.2.0-14), 64-bit',
    'PostgreSQL 16',
    '',
  ];
  for (const version of postgres)
    it(`given "${version.slice(0, 40)}": PostgreSQL, without advice`, () => {
      expect(engineOf(version)).to.deep.equal({ kind: 'PostgreSQL', name: null, refusal: null });
      expect(adviceFor(engineOf(version), false)).to.deep.equal([]);
    });

  for (const [version, name, isRefused] of [
    [
      'PostgreSQL 15.2-YB-2025.1.2.0-b0 on x86_64-pc-linux-gnu, compiled by clang',
      'YugabyteDB 2025.1.2.0',
      false,
    ],
    ['PostgreSQL 15.12-YB-2026.2.0.0-b1 on x86_64-pc-linux-gnu', 'YugabyteDB 2026.2.0.0', false],
    ['PostgreSQL 11.2-YB-2024.2.8.0-b0 on x86_64-pc-linux-gnu', 'YugabyteDB 2024.2.8.0', true],
    ['PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu', 'YugabyteDB 2.20.1.0', true],
    ['CockroachDB CCL v26.2.1 (x86_64-pc-linux-gnu, built 2026/06/01)', 'CockroachDB 26.2.1', true],
    [
      'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc, Redshift 1.0.48805',
      'Redshift 1.0.48805',
      true,
    ],
  ] as const)
    it(`given "${version}": ${name}, ${isRefused ? 'refused by name' : 'with advice'}`, () => {
      const engine = engineOf(version);
      expect(engine.name).to.equal(name);
      if (isRefused) expect(engine.refusal).to.include(name);
      else {
        expect(engine.refusal).to.be.null;
        expect(adviceFor(engine, false).join()).to.include('DATABASE_BATCHING=false');
      }
    });

  it('given PostgreSQL with Citus: advice', () => {
    expect(adviceFor(engineOf('PostgreSQL 17.5 on x86_64-pc-linux-gnu'), true)).to.have.length(1);
  });
});
