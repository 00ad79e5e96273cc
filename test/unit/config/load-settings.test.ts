import { expect } from 'chai';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';

/** The settings, or all problems. */
const read = (environment: NodeJS.ProcessEnv): Settings | readonly string[] => {
  try {
    return loadSettings(environment);
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

describe('loadSettings', () => {
  it('given no variable: the defaults for development', () => {
    expect(read({})).to.deep.include({
      api: { host: '127.0.0.1', port: 8000 },
      operations: { host: '127.0.0.1', port: 9464, orAnyPort: true },
      printsBanner: true,
      allowedOrigins: 'local',
    });
  });

  it('given an OPS_PORT other than the default in development: it is not replaced', () => {
    expect(loadSettings({ OPS_PORT: '9465' }).operations).to.include({ port: 9465, orAnyPort: false });
    expect(loadSettings({ OPS_PORT: '' }).operations).to.include({ port: 9464, orAnyPort: true });
  });

  it('given MCP_ENABLED: false by default; in production it needs PUBLIC_URL', () => {
    expect(read({})).to.include({ mcpEnabled: false });
    expect(read({ MCP_ENABLED: 'true' })).to.include({ mcpEnabled: true });
    expect(wrong({ MCP_ENABLED: 'yes' })).to.deep.equal(['MCP_ENABLED']);
    expect(wrong({ ...production, MCP_ENABLED: 'true' })).to.deep.equal(['PUBLIC_URL']);
    expect(wrong({ ...production, MCP_ENABLED: 'true', PUBLIC_URL: 'https://example.com' })).to.deep.equal(
      [],
    );
  });

  it('given JWT_ISSUER: where clients sign in only if it is a URL', () => {
    for (const [issuer, issuerUrl] of [
      [undefined, undefined],
      ['https://issuer.example.com/', 'https://issuer.example.com/'],
      ['issuer', undefined],
    ])
      expect(read({ JWT_ISSUER: issuer })).to.have.nested.property('tokens.issuerUrl', issuerUrl);
  });

  it('given EVENT_STREAMS_MAX: 1,000 by default, 0 to 1,000,000 otherwise', () => {
    expect(read({})).to.include({ eventStreamsMax: 1_000 });
    for (const value of ['0', '1', '1000000'])
      expect(read({ EVENT_STREAMS_MAX: value })).to.include({ eventStreamsMax: Number(value) });
    for (const value of ['-1', '1000001', 'many', '1.5'])
      expect(wrong({ EVENT_STREAMS_MAX: value })).to.deep.equal(['EVENT_STREAMS_MAX']);
  });

  it('given empty variables: they count as unset', () => {
    expect(read({ PORT: '', CORS_ORIGINS: '', NODE_ENV: '' })).to.deep.equal(read({}));
  });

  it('given retention of trash and tombstones: 30 and 90 days by default, and no trash for 0', () => {
    expect(read({})).to.deep.include({ hasTrash: true, retention: { trashDays: 30, tombstoneDays: 90 } });
    expect(read({ TRASH_RETENTION_DAYS: '0' })).to.deep.include({
      hasTrash: false,
      retention: { trashDays: 0, tombstoneDays: 90 },
    });
    for (const days of ['-1', '3651', '1.5', 'x'])
      expect(wrong({ TRASH_RETENTION_DAYS: days, TOMBSTONE_RETENTION_DAYS: '0' })).to.have.members([
        'TRASH_RETENTION_DAYS',
        'TOMBSTONE_RETENTION_DAYS',
      ]);
  });

  it('given tombstones that are kept for less long than the trash: refused; the default is raised to fit', () => {
    expect(wrong({ TRASH_RETENTION_DAYS: '91', TOMBSTONE_RETENTION_DAYS: '90' })).to.deep.equal([
      'TOMBSTONE_RETENTION_DAYS',
    ]);
    expect(read({ TRASH_RETENTION_DAYS: '7', TOMBSTONE_RETENTION_DAYS: '7' })).to.deep.include({
      retention: { trashDays: 7, tombstoneDays: 7 },
    });
    expect(read({ TRASH_RETENTION_DAYS: '365' })).to.deep.include({
      retention: { trashDays: 365, tombstoneDays: 365 },
    });
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

  it('given production: all development defaults and tools are off', () => {
    const settings = loadSettings(production);
    expect(settings).to.deep.include({ printsBanner: false, allowedOrigins: [] });
    expect(settings.operations).to.include({ orAnyPort: false });
    expect(settings.database).to.include({ migratesOnStart: false, allowsSuperuser: false });
    expect(settings.tokens).to.include({ canBeCreated: false });
  });

  it('given MIGRATE_ON_START: it decides, in production too', () => {
    const migratesOnStart = (environment: NodeJS.ProcessEnv) =>
      loadSettings(environment).database.migratesOnStart;
    expect(migratesOnStart({ ...production, MIGRATE_ON_START: 'true' })).to.equal(true);
    expect(migratesOnStart({ MIGRATE_ON_START: 'false' })).to.equal(false);
    expect(migratesOnStart({})).to.equal(true);
  });

  it('given limits per user: the default limit per address is higher', () => {
    const perAddress = (environment: NodeJS.ProcessEnv) => loadSettings(environment).rateLimits.maxPerAddress;
    expect(perAddress({})).to.equal(1200);
    expect(perAddress({ RATE_LIMIT_MAX: '1000' })).to.equal(4000);
    expect(perAddress({ RATE_LIMIT_MAX: '0' })).to.equal(0);
    expect(perAddress({ RATE_LIMIT_MAX: '0', RATE_LIMIT_ADDRESS_MAX: '7' })).to.equal(7);
  });

  it('given a database URL: the PG… variables count; given the embedded PostgreSQL: they do not', () => {
    const environment = { PGOPTIONS: '-c search_path=other' };
    expect(loadSettings(environment).database.environment).to.deep.equal({});
    const external = { ...environment, DATABASE_URL: 'postgres://localhost/taskhold' };
    expect(loadSettings(external).database.environment).to.deep.equal(environment);
  });

  it('given contradicting variables: refuses them', () => {
    expect(wrong({ SHUTDOWN_DELAY_MS: '5000', SHUTDOWN_TIMEOUT_MS: '5000' })).to.deep.equal([
      'SHUTDOWN_DELAY_MS',
    ]);
    const timeouts = { REQUEST_TIMEOUT_MS: '1000', DATABASE_STATEMENT_TIMEOUT_MS: '1000' };
    expect(wrong(timeouts)).to.deep.equal(['DATABASE_STATEMENT_TIMEOUT_MS']);
  });

  it('given the same port for both listeners on one host: refused, except for 0', () => {
    expect(wrong({ PORT: '9464', OPS_PORT: '9464' })).to.deep.equal(['OPS_PORT']);
    expect(wrong({ ...production, PORT: '9464' })).to.deep.equal(['OPS_PORT']);
    expect(wrong({ PORT: '9464' })).to.deep.equal([]); // in development it takes another one
    expect(wrong({ PORT: '0', OPS_PORT: '0' })).to.deep.equal([]);
    expect(wrong({ PORT: '9464', OPS_HOST: '127.0.0.2' })).to.deep.equal([]);
  });

  it('given hosts: accepts addresses and names, without brackets, and nothing else', () => {
    for (const [host, expected] of [
      ['[::1]', '::1'],
      ['::', '::'],
      ['0.0.0.0', '0.0.0.0'],
      ['my_host.example', 'my_host.example'],
    ] as const)
      expect(loadSettings({ HOST: host }).api.host).to.equal(expected);
    for (const bad of [
      '127.0.0.1:8000',
      '[::1]:8000',
      'http://localhost',
      '*',
      '300.0.0.1',
      'localhost:1',
      '8000',
    ])
      for (const name of ['HOST', 'OPS_HOST']) expect(wrong({ [name]: bad }), bad).to.deep.equal([name]);
  });

  it('given a short REQUEST_TIMEOUT_MS: the default statement timeout is shorter', () => {
    const statementTimeout = (environment: NodeJS.ProcessEnv) =>
      loadSettings(environment).database.statementTimeoutMs;
    expect(read({})).to.include({ requestTimeoutMs: 10_000 });
    expect(statementTimeout({})).to.equal(5_000);
    expect(statementTimeout({ REQUEST_TIMEOUT_MS: '300' })).to.equal(299);
  });

  it('given MAX_CONNECTIONS: MAX_CONNECTIONS_PER_ADDRESS is not larger', () => {
    expect(read({})).to.include({ maxConnections: 10_000, maxConnectionsPerAddress: 1_000 });
    expect(read({ MAX_CONNECTIONS: '500' })).to.include({ maxConnectionsPerAddress: 500 });
    expect(read({ MAX_CONNECTIONS_PER_ADDRESS: '0' })).to.include({ maxConnectionsPerAddress: 0 });
    expect(wrong({ MAX_CONNECTIONS: '500', MAX_CONNECTIONS_PER_ADDRESS: '500' })).to.deep.equal([]);
    expect(wrong({ MAX_CONNECTIONS: '500', MAX_CONNECTIONS_PER_ADDRESS: '501' })).to.deep.equal([
      'MAX_CONNECTIONS_PER_ADDRESS',
    ]);
  });

  it('given TRUSTED_PROXIES: accepts addresses and ranges, and lists each invalid entry', () => {
    const trusted = (environment: NodeJS.ProcessEnv) => {
      const ranges = loadSettings(environment).proxies.trusted;
      return ranges === 'all'
        ? ranges
        : ranges.map(({ network, prefixLength }) => `${network.toString()}/${prefixLength}`);
    };
    const ranges = ['10.0.0.0/8', '2001:db8::/32', '::1/128'];
    expect(trusted({ TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,::1,' })).to.deep.equal(ranges);
    expect(trusted({})).to.deep.equal([]);
    expect(trusted({ TRUST_PROXY_HOPS: '1' })).to.equal('all');
    expect(trusted({ TRUST_PROXY_HOPS: '1', TRUSTED_PROXIES: '10.0.0.1' })).to.deep.equal(['10.0.0.1/32']);
    expect(read({ TRUSTED_PROXIES: 'proxy.example.com,10.0.0.1,10.0.0.0/33' })).to.deep.equal([
      'TRUSTED_PROXIES entry 1 must be an IP address or a range such as 10.0.0.0/8 or 2001:db8::/32',
      'TRUSTED_PROXIES entry 3 must be an IP address or a range such as 10.0.0.0/8 or 2001:db8::/32',
    ]);
  });

  it('given CORS_ORIGINS: accepts exact origins only', () => {
    const good = 'http://localhost:3000, https://app.example.com,http://[::1]:5173,';
    expect(read({ CORS_ORIGINS: good })).to.deep.include({
      allowedOrigins: ['http://localhost:3000', 'https://app.example.com', 'http://[::1]:5173'],
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
