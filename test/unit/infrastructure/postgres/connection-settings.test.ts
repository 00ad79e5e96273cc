import { expect } from 'chai';
import { userInfo } from 'node:os';
import {
  ConnectionStringError,
  readConnectionSettings,
} from '../../../../src/infrastructure/postgres/connection/connection-settings.ts';

const plain = 'postgres://ada:s%20ecret@db.example:5433/tasks';
const read = (uri: string, environment: Readonly<Record<string, string>> = {}) =>
  readConnectionSettings(uri, environment);

describe('readConnectionSettings', () => {
  const target = (host: string, port = 5432, address: string | null = null) => ({ host, address, port });
  const uris: readonly (readonly [uri: string, settings: object])[] = [
    [plain, { targets: [target('db.example', 5433)], user: 'ada', password: 's ecret', database: 'tasks' }],
    ['POSTGRESQL://ada@h/tasks', { targets: [target('h')], user: 'ada', database: 'tasks' }],
    [
      'postgres://u:pw@/db?host=/dir&port=5433',
      { targets: [target('/dir', 5433)], user: 'u', database: 'db' },
    ],
    [
      'postgresql:///db?host=/dir&user=u&password=p+w',
      { targets: [target('/dir')], user: 'u', password: 'p+w', database: 'db' },
    ],
    ['postgres://u@%2Fvar%2Frun/db', { targets: [target('/var/run')], user: 'u' }],
    ['postgres://u@[::1]:5433/db', { targets: [target('::1', 5433)] }],
    ['postgres://u@[2001:db8::1],h2/db', { targets: [target('2001:db8::1'), target('h2')] }],
    ['postgres://u@h1:1,h2:2,h3/db', { targets: [target('h1', 1), target('h2', 2), target('h3')] }],
    ['postgres://u@h1,h2/db?port=6432', { targets: [target('h1', 6432), target('h2', 6432)] }],
    ['postgres:///db?host=a,b&port=1,2&user=u', { targets: [target('a', 1), target('b', 2)] }],
    ['postgres://u@h/db?hostaddr=10.0.0.1', { targets: [target('h', 5432, '10.0.0.1')] }],
    ['postgres://u@h:/db', { targets: [target('h')] }],
    ['postgres://u:@h', { targets: [target('h')], password: undefined, database: 'u' }],
    ['postgres://u@h/?dbname=db', { database: 'db' }],
    ['postgres://u@h?dbname=db', { database: 'db' }],
    ['postgres://u@h/first?dbname=last&user=v', { database: 'last', user: 'v' }],
    ['postgres://u:p?@s#w@h/a%2Fb', { targets: [target('h')], password: 'p?@s#w', database: 'a/b' }],
    ['postgres://u@h/db?options=-c%20search_path%3Dstaging', { options: '-c search_path=staging' }],
    ['postgres://u@h/db?options=-c search_path=staging', { options: '-c search_path=staging' }],
    ['postgres://u@h/db?application_name=x&fallback_application_name=y', { applicationName: 'x' }],
    ['postgres://u@h/db?fallback_application_name=y', { applicationName: 'y' }],
    ['postgres://u@h/db?connect_timeout=7', { connectTimeoutMs: 7000 }],
    ['postgres://u@h/db?connect_timeout=0', { connectTimeoutMs: 2000 }],
    ['postgres://u@h1,h2/db?target_session_attrs=read-write', { needs: 'read-write' }],
    ['postgres://u@h1,h2/db?load_balance_hosts=random', { isOrderRandom: true }],
    ['postgres://u@h/db?keepalives=0&keepalives_idle=30', { isKeptAlive: false, keepAliveDelayMs: 30_000 }],
    ['postgres://u@h/db?channel_binding=require', { channelBinding: 'require' }],
    ['postgres://u@h/db?client_encoding=utf8&gssencmode=disable&sslcompression=0', { user: 'u' }],
  ];
  for (const [uri, settings] of uris)
    it(`given ${uri}: reads it as libpq does`, () => {
      expect(read(uri)).to.deep.include(settings);
    });

  it('given a URI without parts: uses the PG… variables, and those of the URI first', () => {
    const variables = {
      PGHOST: 'a,b',
      PGPORT: '6432',
      PGUSER: 'ada',
      PGPASSWORD: 'pw',
      PGDATABASE: 'tasks',
      PGOPTIONS: '-c search_path=x',
      PGAPPNAME: 'name',
      PGCONNECT_TIMEOUT: '3',
      PGTARGETSESSIONATTRS: 'primary',
      PGSSLMODE: 'disable',
    };
    expect(read('postgres://', variables)).to.deep.include({
      targets: [target('a', 6432), target('b', 6432)],
      user: 'ada',
      password: 'pw',
      database: 'tasks',
      options: '-c search_path=x',
      applicationName: 'name',
      connectTimeoutMs: 3000,
      needs: 'primary',
      tls: [null],
    });
    expect(read('postgres://u@h:1/db?sslmode=verify-full', variables)).to.deep.include({
      targets: [target('h', 1)],
      user: 'u',
      database: 'db',
      tls: [{ rejectUnauthorized: true }],
    });
  });

  it('given no user anywhere: the user of the system', () => {
    expect(read('postgres://h')).to.include({ user: userInfo().username, database: userInfo().username });
  });

  describe('TLS', () => {
    const unchecked = { rejectUnauthorized: false };
    const checked = { rejectUnauthorized: true };
    const modes: readonly (readonly [query: string, tls: readonly unknown[]])[] = [
      ['', [unchecked, null]],
      ['sslmode=disable', [null]],
      ['ssl=false', [null]],
      ['ssl=0', [null]],
      ['sslmode=allow', [null, unchecked]],
      ['sslmode=prefer', [checked]],
      ['sslmode=require', [checked]],
      ['sslmode=verify-ca', [checked]],
      ['sslmode=verify-full', [checked]],
      ['sslmode=verify-full&sslrootcert=system', [checked]],
      ['sslrootcert=system', [checked]],
      ['ssl=true', [checked]],
      ['ssl=1', [checked]],
      ['sslmode=no-verify', [unchecked]],
      ['ssl=no-verify', [unchecked]],
      ['sslmode=require&ssl_min_protocol_version=TLSv1.3', [{ ...checked, minVersion: 'TLSv1.3' }]],
    ];
    for (const [query, tls] of modes)
      it(`given ${query || 'no parameter'}: ${JSON.stringify(tls)}`, () => {
        expect(read(`${plain}?${query}`).tls).to.deep.equal(tls);
      });

    it('given PGSSLMODE: it counts where the URI has neither sslmode nor ssl', () => {
      const variables = { PGSSLMODE: 'verify-full' };
      expect(read(plain, variables).tls).to.deep.equal([checked]);
      expect(read(`${plain}?sslmode=disable`, variables).tls).to.deep.equal([null]);
      expect(read(`${plain}?ssl=false`, variables).tls).to.deep.equal([null]);
    });
  });

  const refused: readonly (readonly [uri: string, problem: string])[] = [
    ['mysql://h', 'DATABASE_URL must be a postgres:// URL'],
    ['host=h user=u', 'DATABASE_URL must be a postgres:// URL'],
    ['postgres://u@h/db?pgbouncer=true', 'DATABASE_URL has an unknown parameter: pgbouncer'],
    ['postgres://u@h/db?SSLMODE=require', 'DATABASE_URL has an unknown parameter: SSLMODE'],
    ['postgres://u@h/db?sslmode', 'DATABASE_URL has the parameter sslmode without a value'],
    [
      'postgres://u@h/db?sslmode=verify_full',
      'DATABASE_URL: sslmode must be disable, allow, prefer, require, verify-ca, verify-full, no-verify',
    ],
    ['postgres://u@h/db?sslmode=require&ssl=true', 'DATABASE_URL has both ssl and sslmode; remove ssl'],
    ['postgres://u@h/db?client_encoding=latin1', 'DATABASE_URL: client_encoding must be UTF8'],
    ['postgres://u@h/db?requirepeer=postgres', 'DATABASE_URL: requirepeer is not supported'],
    ['postgres://u@h/db?service=x', 'DATABASE_URL: service is not supported'],
    ['postgres://u@h/db?gssencmode=require', 'DATABASE_URL: gssencmode is not supported'],
    ['postgres://u@h/db?passfile=/x', 'DATABASE_URL: passfile is not supported; set PGPASSFILE instead'],
    [
      'postgres://u@h/db?target_session_attrs=standby',
      'DATABASE_URL: target_session_attrs must be any, read-write, primary',
    ],
    [
      'postgres://u@h/db?sslrootcert=/no/such/file',
      'DATABASE_URL: sslrootcert names a file that cannot be read: ENOENT',
    ],
    [
      'postgres://u@h/db?connect_timeout=2s',
      'DATABASE_URL: connect_timeout must be a whole number of seconds',
    ],
    ['postgres://u:%zz@h/db', 'DATABASE_URL has a password that is not percent-encoded UTF-8'],
    ['postgres://u:%ff@h/db', 'DATABASE_URL has a password that is not percent-encoded UTF-8'],
    ['postgres://u@h/d%00b', 'DATABASE_URL has a dbname that is not percent-encoded UTF-8'],
    ['postgres://u@h:port/db', 'DATABASE_URL: port must be from 1 to 65535'],
    ['postgres://u@h:99999/db', 'DATABASE_URL: port must be from 1 to 65535'],
    ['postgres://u@::1/db', 'DATABASE_URL has a host or a port that cannot be read'],
    ['postgres://u@[::1/db', 'DATABASE_URL has a host or a port that cannot be read'],
    ['postgres://u@a,b,c/db?port=1,2', 'DATABASE_URL must have one port, or one for each host'],
  ];
  for (const [uri, problem] of refused)
    it(`given ${uri}: refuses it by name`, () => {
      expect(() => read(uri))
        .to.throw(ConnectionStringError)
        .with.deep.property('problems', [problem]);
    });

  it('given a PG… variable that cannot be honoured: refuses it by name', () => {
    for (const name of ['PGSERVICE', 'PGREQUIREPEER', 'PGREQUIREAUTH', 'PGSSLCRLDIR'])
      expect(() => read(plain, { [name]: 'x' })).to.throw(ConnectionStringError, `${name} is not supported`);
    expect(() => read(plain, { PGSSLMODE: 'on' })).to.throw(ConnectionStringError, 'PGSSLMODE must be');
  });

  it('given a password that is not percent-encoded: prints no part of it', () => {
    expect(() => read('postgres://u:pa/ss?wor&d=x@h/db'))
      .to.throw(ConnectionStringError)
      .with.property('problems')
      .that.includes('DATABASE_URL has an @ behind a question mark: percent-encode the password')
      .and.satisfies(
        (problems: readonly string[]) => !/wor|ss|: d/.test(problems.join().replace('password', '')),
      );
  });

  it('given several problems: names all of them, and no value', () => {
    expect(() => read('postgres://u:hunter2@h/db?x=hunter2&sslmode=hunter2'))
      .to.throw(ConnectionStringError)
      .with.property('problems')
      .that.has.length(2)
      .and.satisfies((problems: readonly string[]) => !problems.join().includes('hunter2'));
  });
});
