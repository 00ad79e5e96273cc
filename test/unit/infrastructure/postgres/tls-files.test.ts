import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConnectionStringError,
  readConnectionSettings,
} from '../../../../src/infrastructure/postgres/connection/connection-settings.ts';

describe('the TLS files of a connection', function () {
  this.timeout(30_000);
  let folder: string;
  const openssl = (...args: readonly string[]) =>
    spawnSync('openssl', args, { cwd: folder, stdio: 'ignore' });

  before(async function () {
    if (spawnSync('openssl', ['version']).status !== 0) {
      console.log('Skipped: the TLS files of a connection (openssl is not installed).');
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'taskhold-tls-'));
    const create = (name: string, ...key: readonly string[]) =>
      openssl(
        ...['req', '-x509', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-newkey', ...key],
        ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
      );
    create('rsa', 'rsa:2048');
    create('rsa2', 'rsa:2048');
    create('ec', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256');
    create('weak', 'rsa:1024');
    openssl('rsa', '-aes256', '-passout', 'pass:secret', '-in', 'rsa.key', '-out', 'encrypted.key');
    openssl('x509', '-in', 'rsa.pem', '-outform', 'DER', '-out', 'rsa.der');
    openssl('x509', '-in', 'rsa.pem', '-text', '-out', 'commented.pem');
    openssl('x509', '-in', 'rsa.pem', '-trustout', '-out', 'trusted.pem');
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    const files: Readonly<Record<string, string>> = {
      'empty.pem': '',
      'text.pem': 'hello\n',
      'cut.pem': (await read('rsa.pem')).slice(0, 600),
      'second-cut.pem': `${await read('rsa.pem')}${(await read('ec.pem')).slice(0, 300)}`,
      'second-damaged.pem': `${await read('rsa.pem')}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`,
      'bundle.pem': `# two\n${await read('rsa.key')}${await read('rsa.pem')}${await read('ec.pem')}`,
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const read = (parameters: Readonly<Record<string, string>>, environment = {}) => {
    const query = Object.entries(parameters).map(
      ([name, value]) =>
        `&${name}=${/\.(?:pem|key|der)$/.test(value) ? encodeURIComponent(join(folder, value)) : value}`,
    );
    return readConnectionSettings(`postgres://u@h/db?sslmode=verify-full${query.join('')}`, environment);
  };

  const certificates = 'must name a file with certificates in PEM, each complete';
  const aKey = 'must name a file with a private key in PEM; an encrypted one needs its sslpassword';
  const refused: readonly (readonly [parameters: Readonly<Record<string, string>>, problem: string])[] = [
    ...['empty.pem', 'text.pem', 'cut.pem', 'second-cut.pem', 'second-damaged.pem', 'rsa.key', 'rsa.der'].map(
      (sslrootcert) => [{ sslrootcert }, `sslrootcert ${certificates}`] as const,
    ),
    [{ sslcert: 'empty.pem', sslkey: 'rsa.key' }, `sslcert ${certificates}`],
    [{ sslcert: 'rsa.pem', sslkey: 'empty.pem' }, `sslkey ${aKey}`],
    [{ sslcert: 'rsa.pem', sslkey: 'rsa.pem' }, `sslkey ${aKey}`],
    [{ sslcert: 'rsa.pem', sslkey: 'encrypted.key' }, `sslkey ${aKey}`],
    [{ sslcert: 'rsa.pem', sslkey: 'encrypted.key', sslpassword: 'other' }, `sslkey ${aKey}`],
    ...['rsa2.key', 'ec.key'].map(
      (sslkey) =>
        [
          { sslcert: 'rsa.pem', sslkey },
          'sslkey must name the private key of the certificate of sslcert',
        ] as const,
    ),
    ...['empty.pem', 'text.pem', 'rsa.pem'].map(
      (sslcrl) => [{ sslcrl }, 'sslcrl must name a file with a revocation list (CRL) in PEM'] as const,
    ),
    ...[
      { ssl_min_protocol_version: 'TLSv1.3', ssl_max_protocol_version: 'TLSv1.2' },
      { ssl_max_protocol_version: 'TLSv1.1' },
    ].map(
      (versions) =>
        [
          versions,
          'ssl_max_protocol_version must not be below ssl_min_protocol_version (TLSv1.2 if unset)',
        ] as const,
    ),
  ];
  for (const [parameters, problem] of refused)
    it(`given ${JSON.stringify(parameters)}: refuses it by name`, () => {
      expect(() => read(parameters))
        .to.throw(ConnectionStringError)
        .with.deep.property('problems', [`DATABASE_URL: ${problem}`]);
    });

  it('given a certificate that OpenSSL finds too weak: refuses it', () => {
    expect(() => read({ sslcert: 'weak.pem', sslkey: 'weak.key' }))
      .to.throw(ConnectionStringError)
      .with.deep.property('problems', [
        'DATABASE_URL names TLS files that OpenSSL refuses: ERR_SSL_EE_KEY_TOO_SMALL',
      ]);
  });

  it('given PGSSLROOTCERT with an empty file: refuses it by that name', () => {
    expect(() => read({}, { PGSSLROOTCERT: join(folder, 'empty.pem') })).to.throw(
      ConnectionStringError,
      `PGSSLROOTCERT ${certificates}`,
    );
  });

  const accepted: readonly Readonly<Record<string, string>>[] = [
    ...['rsa.pem', 'bundle.pem', 'commented.pem', 'trusted.pem'].map((sslrootcert) => ({ sslrootcert })),
    { sslcert: 'rsa.pem', sslkey: 'rsa.key' },
    { sslcert: 'ec.pem', sslkey: 'ec.key' },
    { sslcert: 'rsa.pem', sslkey: 'encrypted.key', sslpassword: 'secret' },
    { ssl_max_protocol_version: 'TLSv1.2' },
    { ssl_min_protocol_version: 'TLSv1', ssl_max_protocol_version: 'TLSv1.1' },
  ];
  for (const parameters of accepted)
    it(`given ${JSON.stringify(parameters)}: takes it`, () => {
      expect(read(parameters).tls).to.have.length(1);
    });
});
