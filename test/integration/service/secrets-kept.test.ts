import { expect } from 'chai';
import { runMain } from '../../support/processes/main-program.ts';

describe('secrets in the output of a failed start', function () {
  this.timeout(30_000);

  const secrets = { BETTER_AUTH_SECRET: 'correct horse battery staple, 32 bytes', password: 'hunter2' };
  const output = async (environment: Readonly<Record<string, string>>): Promise<[number, string]> => {
    await using program = runMain({ PORT: '0', OPS_PORT: '0', ...environment });
    const code = await program.ended();
    return [typeof code === 'number' ? code : Number.NaN, program.output()];
  };

  it('given an unreachable database: the output contains no secret', async () => {
    const [code, text] = await output({
      DATABASE_URL: `postgres://root:${secrets.password}@127.0.0.1:1/tasks`,
      BETTER_AUTH_SECRET: secrets.BETTER_AUTH_SECRET,
    });
    expect(code).to.equal(69);
    expect(text).to.include('ECONNREFUSED');
    for (const secret of Object.values(secrets)) expect(text).not.to.include(secret);
  });

  it('given an invalid configuration: the output lists every problem and contains no secret', async () => {
    const [code, text] = await output({
      NODE_ENV: 'production',
      DATABASE_URL: `mysql://root:${secrets.password}@db/tasks`,
      BETTER_AUTH_SECRET: secrets.password,
      REDIS_URL: `http://:${secrets.password}@cache`,
      CORS_ORIGINS: '*',
    });
    expect(code).to.equal(78);
    for (const name of ['DATABASE_URL', 'BETTER_AUTH_SECRET', 'REDIS_URL', 'CORS_ORIGINS'])
      expect(text).to.match(new RegExp(`^  - ${name} `, 'm'));
    expect(text).not.to.include(secrets.password);
  });
});
