import { expect } from 'chai';
import { variables } from '../../../src/config/variables.ts';
import { environmentWarnings } from '../../../src/config/read-environment.ts';

const warnings = (environment: NodeJS.ProcessEnv): readonly string[] =>
  environmentWarnings(environment, null);

describe('environmentWarnings', () => {
  for (const [name, intended] of [
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['CORS-ORIGINS', 'CORS_ORIGINS'],
    ['cors_origins', 'CORS_ORIGINS'],
    ['corsOrigins', 'CORS_ORIGINS'],
    ['JWT_ISSUERS', 'JWT_ISSUER'],
    ['JWT_USER_ID_CLAIM', 'JWT_USER_ID_CLAIMS'],
    ['JWKS_URI', 'JWKS_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['NODE_EVN', 'NODE_ENV'],
    ['node_env', 'NODE_ENV'],
    ['Port', 'PORT'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['BETTER_AUTH_SECRETS', 'BETTER_AUTH_SECRET'],
    ['JWKS_URL_FILE', 'JWKS_URL'],
    ['DATABASE_URL_FIL', 'DATABASE_URL_FILE'],
    ['BETTER_AUTH_SECRETFILE', 'BETTER_AUTH_SECRET_FILE'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
    ['RATE_LIMIT_WINDOW', 'RATE_LIMIT_WINDOW_SECONDS'],
    ['TRUST_PROXY', 'TRUST_PROXY_HOPS'],
    ['set NODE_ENV', 'NODE_ENV'],
    ['$env:NODE_ENV', 'NODE_ENV'],
    ['$Env:DATABASE_URI', 'DATABASE_URL'],
  ] as const)
    it(`given ${name}: names ${intended}`, () => {
      expect(warnings({ [name]: 'hunter2' })).to.deep.equal([
        `${name.replace(' ', '\\u{20}')} is ignored; the name of the variable is ${intended}.`,
      ]);
    });

  for (const [name, intended] of [
    ['PGSSL_MODE', 'PGSSLMODE'],
    ['pgsslmode', 'PGSSLMODE'],
    ['PGSSLMOD', 'PGSSLMODE'],
    ['PGPASSWORD_FILE', 'PGPASSWORD'],
    ['PGSSLROOTCERT_FILE', 'PGSSLROOTCERT'],
    ['$env:PGSSL_MODE', 'PGSSLMODE'],
  ] as const) {
    it(`given ${name} and a DATABASE_URL: names ${intended}`, () => {
      expect(warnings({ [name]: 'hunter2', DATABASE_URL: 'postgres://localhost/tasks' })).to.deep.equal([
        `${name} is ignored; the name of the variable is ${intended}.`,
      ]);
    });
    it(`given ${name} and no DATABASE_URL: no warning, because the embedded PostgreSQL has no such variables`, () => {
      expect(warnings({ [name]: 'hunter2' })).to.deep.equal([]);
    });
  }

  it('given a line whose name contains a part of a value: the warning does not print it', () => {
    expect(warnings({ 'BETTER_AUTH_SECRET: hunter2 PORT': '8001' })).to.deep.equal([
      'A line of .env is ignored; the name of the variable may be PORT.',
    ]);
  });

  it('given a DATABASE_URL whose host has a broken escape: does not throw', () => {
    expect(warnings({ DATABASE_URL: 'postgres://user:pw@%zz/db' })).to.have.length(1);
  });

  it('given a name with an invisible character: the warning shows the character', () => {
    expect(warnings({ 'CORS\u200b_ORIGINS': 'x' })).to.deep.equal([
      'CORS\\u{200b}_ORIGINS is ignored; the name of the variable is CORS_ORIGINS.',
    ]);
  });

  it('given the variables of Taskhold, of the system and of other programs: no warning', () => {
    const others = [
      ...['HOME', 'PATH', 'HOSTNAME', 'LOGNAME', 'USER', 'SHELL', 'PWD', 'TERM', 'LANG', 'TZ', 'TMPDIR', '_'],
      ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE', 'npm_config_cache'],
      ...['PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD', 'POSTGRES_URL', 'DATABASE_HOST'],
      ...['DATABASE_USER', 'DATABASE_PORT', 'DATABASE_NAME', 'DATABASE_PASSWORD', 'APP_HOST', 'APP_PORT'],
      ...['DATABASE_URL_UNPOOLED', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_TLS_URL', 'TASKHOLD_PORT', 'DB_HOST'],
      ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_SERVICE_NAME', 'BETTER_AUTH_URL', 'http_proxy', 'NO_PROXY'],
      ...['KUBERNETES_PORT', 'KUBERNETES_SERVICE_HOST', 'TEST_DATABASE', 'CI', 'DOCKER_HOST', 'DEBUG'],
    ];
    const libpq = [
      ...['PGHOSTADDR', 'PGPASSFILE', 'PGSERVICE', 'PGSERVICEFILE', 'PGOPTIONS', 'PGAPPNAME', 'PGSSLMODE'],
      ...[
        'PGSSLCERT',
        'PGSSLKEY',
        'PGSSLCRL',
        'PGSSLCRLDIR',
        'PGSSLROOTCERT',
        'PGTZ',
        'PGDATESTYLE',
        'PGGEQO',
      ],
      ...[
        'PGDATA',
        'PG_COLOR',
        'PG_COLORS',
        'PGSYSCONFDIR',
        'PGLOCALEDIR',
        'PG_VERSION',
        'PG_MAJOR',
        'PGCTLTIMEOUT',
      ],
    ];
    const names = [...Object.keys(variables), ...others, ...libpq];
    const environment = Object.fromEntries(names.map((name) => [name, '']));
    for (const DATABASE_URL of ['', 'postgres://localhost/tasks'])
      expect(warnings({ ...environment, DATABASE_URL })).to.deep.equal([]);
  });

  for (const [what, url] of [
    ['a host name', 'postgres://u:hunter2@db.example/tasks'],
    ['several hosts, one of them local', 'postgres://127.0.0.1:1,10.0.0.5:5432/tasks'],
    ['an address', 'postgres://u:hunter2@10.0.0.5/tasks'],
    ['several hosts', 'postgres://u:hunter2@a.example,b.example/tasks'],
    ['a host parameter', 'postgres://u:hunter2@/tasks?host=db.example'],
  ] as const)
    it(`given development and a DATABASE_URL with ${what}: one warning, without the URL`, () => {
      for (const NODE_ENV of ['', undefined, 'development'])
        expect(warnings({ NODE_ENV, DATABASE_URL: url }).join('\n'))
          .to.match(/^NODE_ENV is development, but the database is on another machine\.[^\n]*$/)
          .and.not.match(/hunter2|example\/|10\.0/);
      for (const NODE_ENV of ['production', ' production\r'])
        expect(warnings({ NODE_ENV, DATABASE_URL: url })).to.deep.equal([]);
    });

  it('given development and a host in PGHOST or PGHOSTADDR alone: a warning, unless it is this machine', () => {
    const DATABASE_URL = 'postgres:///tasks';
    for (const name of ['PGHOST', 'PGHOSTADDR']) {
      expect(warnings({ DATABASE_URL, [name]: '10.0.0.5' }), name).to.have.length(1);
      expect(warnings({ DATABASE_URL, [name]: '127.0.0.1' }), name).to.deep.equal([]);
    }
    expect(warnings({ DATABASE_URL: 'postgres://localhost/tasks', PGHOST: '10.0.0.5' })).to.deep.equal([]);
  });

  for (const url of [
    'postgres://localhost/tasks',
    'postgres://u:p@127.0.0.1:5433/tasks',
    'postgres://[::1]/tasks',
    'postgres://127.0.0.1:1,[::1]:5432/tasks',
    'postgres:///tasks',
    'postgres:///tasks?host=/run/postgresql',
    'postgres://%2Frun%2Fpostgresql/tasks',
  ])
    it(`given development and ${url}: no warning`, () => {
      expect(warnings({ DATABASE_URL: url })).to.deep.equal([]);
    });

  it('given a secret with spaces or quotation marks at its ends: a warning without the secret', () => {
    for (const value of [' hunter2', 'hunter2 \n', '"hunter2"', "hunter2'"]) {
      const found = warnings({ BETTER_AUTH_SECRET: value });
      expect(found, value).to.have.length(1);
      expect(found.join('\n'))
        .to.match(/^BETTER_AUTH_SECRET /)
        .and.not.include('hunter2');
    }
    expect(warnings({ BETTER_AUTH_SECRET: 'hunter2\r\n' })).to.deep.equal([]);
  });
});
