import { expect } from 'chai';
import { ConfigError, loadConfig, type Config } from '../../../src/config/config.ts';

/** The configuration, or all its problems. */
const read = (environment: NodeJS.ProcessEnv): Config | readonly string[] => {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

/** The names of the invalid variables, in the order of the problems. */
const wrong = (environment: NodeJS.ProcessEnv): readonly string[] => {
  const problems = read(environment);
  return Array.isArray(problems) ? problems.map((problem: string) => problem.split(' ')[0] ?? '') : [];
};

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://taskhold@localhost/taskhold',
  BETTER_AUTH_SECRET: 'x'.repeat(32),
};

describe('loadConfig', () => {
  it('given no variable: the defaults for development', () => {
    expect(read({})).to.include({ NODE_ENV: 'development', HOST: '127.0.0.1', PORT: 8000 });
  });

  it('given empty variables: they count as unset', () => {
    expect(read({ PORT: '', CORS_ORIGINS: '', NODE_ENV: '' })).to.deep.equal(read({}));
  });

  it('given several invalid variables: lists all problems, without their values', () => {
    const environment = {
      ...production,
      PORT: '-1',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      BETTER_AUTH_SECRET: 'hunter2',
      LOG_LEVEL: 'loud',
    };
    expect(wrong(environment)).to.have.members(['PORT', 'DATABASE_URL', 'BETTER_AUTH_SECRET', 'LOG_LEVEL']);
    expect(JSON.stringify(read(environment))).not.to.include('hunter2');
  });

  it('given production: DATABASE_URL and BETTER_AUTH_SECRET are required', () => {
    expect(wrong({ NODE_ENV: 'production' })).to.include.members(['DATABASE_URL', 'BETTER_AUTH_SECRET']);
    expect(wrong(production)).to.deep.equal([]);
  });

  it('given contradicting variables: refuses them', () => {
    expect(wrong({ SHUTDOWN_DELAY_MS: '5000', SHUTDOWN_TIMEOUT_MS: '5000' })).to.deep.equal([
      'SHUTDOWN_DELAY_MS',
    ]);
    const timeouts = { REQUEST_TIMEOUT_MS: '1000', DATABASE_STATEMENT_TIMEOUT_MS: '1000' };
    expect(wrong(timeouts)).to.deep.equal(['DATABASE_STATEMENT_TIMEOUT_MS']);
  });

  it('given a short REQUEST_TIMEOUT_MS: the default statement timeout is shorter', () => {
    expect(read({})).to.include({ REQUEST_TIMEOUT_MS: 10_000, DATABASE_STATEMENT_TIMEOUT_MS: 5_000 });
    expect(read({ REQUEST_TIMEOUT_MS: '300' })).to.include({ DATABASE_STATEMENT_TIMEOUT_MS: 299 });
  });

  it('given MAX_CONNECTIONS: MAX_CONNECTIONS_PER_ADDRESS is not larger', () => {
    expect(read({})).to.include({ MAX_CONNECTIONS: 10_000, MAX_CONNECTIONS_PER_ADDRESS: 1_000 });
    expect(read({ MAX_CONNECTIONS: '500' })).to.include({ MAX_CONNECTIONS_PER_ADDRESS: 500 });
    expect(read({ MAX_CONNECTIONS_PER_ADDRESS: '0' })).to.include({ MAX_CONNECTIONS_PER_ADDRESS: 0 });
    expect(wrong({ MAX_CONNECTIONS: '500', MAX_CONNECTIONS_PER_ADDRESS: '500' })).to.deep.equal([]);
    expect(wrong({ MAX_CONNECTIONS: '500', MAX_CONNECTIONS_PER_ADDRESS: '501' })).to.deep.equal([
      'MAX_CONNECTIONS_PER_ADDRESS',
    ]);
  });

  it('given TRUSTED_PROXIES: accepts addresses and ranges, and lists each invalid entry', () => {
    const { TRUSTED_PROXIES: proxies } = loadConfig({ TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,::1,' });
    expect(
      proxies?.map(({ network, prefixLength }) => `${network.toString()}/${prefixLength}`),
    ).to.deep.equal(['10.0.0.0/8', '2001:db8::/32', '::1/128']);
    expect(read({})).not.to.have.property('TRUSTED_PROXIES');
    expect(read({ TRUSTED_PROXIES: 'proxy.example.com,10.0.0.1,10.0.0.0/33' })).to.deep.equal([
      'TRUSTED_PROXIES entry 1 must be an IP address or a range such as 10.0.0.0/8 or 2001:db8::/32',
      'TRUSTED_PROXIES entry 3 must be an IP address or a range such as 10.0.0.0/8 or 2001:db8::/32',
    ]);
  });

  it('given CORS_ORIGINS: accepts exact origins only', () => {
    const good = 'http://localhost:3000, https://app.example.com,http://[::1]:5173,';
    expect(read({ CORS_ORIGINS: good })).to.deep.include({
      CORS_ORIGINS: ['http://localhost:3000', 'https://app.example.com', 'http://[::1]:5173'],
    });
    for (const bad of [
      '*',
      'null',
      'app.example.com',
      'https://app.example.com/',
      'https://app.example.com/todo',
      'https://app.example.com:443',
      'https://App.example.com',
      'https://*.example.com',
      'https://me@app.example.com',
      'ftp://app.example.com',
      'https://app.example.com https://other.example.com',
      'https://app.example.com,*',
    ])
      expect(wrong({ CORS_ORIGINS: bad }), bad).to.deep.equal(['CORS_ORIGINS']);
  });
});
