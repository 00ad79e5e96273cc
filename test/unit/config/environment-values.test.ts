import { expect } from 'chai';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { variables } from '../../../src/config/variables.ts';
import { problemsOf } from '../../support/config-problems.ts';

const secret = 'correct horse battery staple, 32 bytes';

describe('values of variables', () => {
  const invisibleAtTheEnds = ['\r', '\n', '\r\n', ' ', '\t', '\u00a0', '\u200b', '\ufeff', ' \u2028\r\n'];
  const examples: Partial<Record<keyof typeof variables, string>> = {
    NODE_ENV: 'test',
    HOST: 'localhost',
    PORT: '5',
    DATA_DIR: 'data',
    DATABASE_URL: 'postgres://db.example/tasks',
    MIGRATE_ON_START: 'true',
    JWKS_URL: 'https://issuer.example/jwks',
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'tasks',
    JWT_USER_ID_CLAIMS: 'uid,sub',
    CORS_ORIGINS: 'https://app.example',
    REDIS_URL: 'redis://redis.example',
    TRUSTED_PROXIES: '10.0.0.0/8',
    LOG_LEVEL: 'warn',
  };
  for (const [name, value] of Object.entries(examples))
    it(`given ${name} with white space or invisible characters at its ends: they are removed`, () => {
      const expected = loadSettings({ [name]: value });
      for (const blank of invisibleAtTheEnds)
        expect(loadSettings({ [name]: `${blank}${value}${blank}` }), JSON.stringify(blank)).to.deep.equal(
          expected,
        );
    });

  it('given white space alone: the variable is unset', () => {
    const blank = Object.fromEntries(Object.keys(variables).map((name) => [name, ' \r\n\u00a0']));
    expect(loadSettings(blank)).to.deep.equal(loadSettings({}));
  });

  for (const [what, character] of [
    ['a line end', '\n'],
    ['a carriage return', '\r'],
    ['a tab', '\t'],
    ['an escape', '\u001b'],
    ['DEL', '\u007f'],
    ['a C1 control character', '\u0085'],
    ['a line separator', '\u2028'],
    ['a zero-width space', '\u200b'],
    ['a byte order mark', '\ufeff'],
    ['a right-to-left override', '\u202e'],
    ['a no-break space', '\u00a0'],
    ['bytes that are not UTF-8', '\ufffd'],
  ] as const)
    it(`given ${what} inside of any value: refused, one problem per variable, without the value`, () => {
      const environment = Object.fromEntries(
        Object.keys(variables).map((name) => [name, `hunter2${character}hunter2`]),
      );
      const problems = problemsOf(environment);
      const named = problems.filter((problem) => / must (not contain|be valid UTF-8)/.test(problem));
      expect(named.map((problem) => problem.split(' ')[0])).to.have.members(Object.keys(variables));
      expect(problems.join('\n')).not.to.include('hunter2');
    });

  for (const value of [
    '1e3',
    '0x10',
    '+5',
    '-5',
    '5.0',
    '5_000',
    '5 000',
    '٥',
    '５',
    '5s',
    'NaN',
    'Infinity',
  ])
    it(`given the number ${value}: refused`, () => {
      expect(problemsOf({ DATABASE_POOL_MAX: value })).to.deep.equal([
        'DATABASE_POOL_MAX must be a whole number from 1 to 1000',
      ]);
    });

  for (const value of [
    '"https://a.example"',
    "'https://a.example'",
    '"https://a.example',
    'https://a.example"',
    '“https://a.example”',
    '‘https://a.example’',
    '„https://a.example“',
    '«https://a.example»',
    '”https://a.example',
    'https://a.example’',
  ])
    it(`given the value ${value}: refused because of the quotation marks`, () => {
      expect(problemsOf({ JWT_ISSUER: value })).to.deep.equal([
        'JWT_ISSUER must not be in quotation marks (docker --env-file keeps them)',
      ]);
    });

  for (const [name, value] of [
    ['BETTER_AUTH_SECRET', '$(openssl rand -base64 32 | cut -c 1-hunter2)'],
    ['BETTER_AUTH_SECRET', '${HUNTER2:-hunter2-hunter2-hunter2-hunter2}'],
    ['BETTER_AUTH_SECRET', '`openssl rand -base64 32 | cut -c 1-hunter2`'],
    ['BETTER_AUTH_SECRET', '`/usr/local/bin/print-the-secret-hunter2`'],
    ['BETTER_AUTH_SECRET', 'hunter2-`openssl rand -base64 32`-hunter2'],
    ['DATABASE_URL', 'postgres://u:${HUNTER2}@h/db'],
    ['DATABASE_URL', 'postgres://u:`cat hunter2`@h/db'],
    ['PORT', '`hunter2`'],
    ['JWT_ISSUER', 'https://$(hostname)/hunter2'],
  ] as const)
    it(`given the shell expression ${value} in ${name}: refused, without the value`, () => {
      expect(problemsOf({ [name]: value })).to.deep.equal([
        `${name} must not contain $(…), \${…} or backticks: .env is not a shell script`,
      ]);
    });

  describe('of the secret', () => {
    const secretOf = (value: string) => loadSettings({ BETTER_AUTH_SECRET: value }).tokens.secret;

    it('given line ends at its ends: they are removed', () => {
      for (const end of ['\n', '\r', '\r\n', '\n\n'])
        expect(secretOf(`${end}${secret}${end}`)).to.equal(secret);
    });

    it('given spaces or quotation marks at its ends: they are a part of it', () => {
      for (const value of [` ${secret} `, `"${secret}"`]) expect(secretOf(`${value}\n`)).to.equal(value);
    });

    it('given single dollar signs, braces and backticks in it: they are a part of it', () => {
      for (const value of [`${secret}$a{b}(c)`, `\`${secret}`, `${secret.replaceAll(' ', '')}\`a\`b`])
        expect(secretOf(value)).to.equal(value);
    });

    it('given line ends that make a short secret longer: refused', () => {
      expect(problemsOf({ BETTER_AUTH_SECRET: `short${'\n'.repeat(40)}` })).to.have.length(1);
    });
  });
});

describe('PG… variables', () => {
  const DATABASE_URL = 'postgres:///tasks';

  it('given line ends and white space at their ends: they are removed; from a password only line ends', () => {
    const { database } = loadSettings({
      DATABASE_URL,
      PGHOST: ' db\r\n',
      PGPORT: '5433 ',
      PGPASSWORD: ' pw\n',
    });
    expect(database.environment).to.deep.equal({ PGHOST: 'db', PGPORT: '5433', PGPASSWORD: ' pw' });
  });

  it('given control characters inside: refused by name, where libpq does not accept them as text', () => {
    expect(problemsOf({ DATABASE_URL, PGHOST: 'd\rb', PGUSER: 'a\tb' })).to.deep.equal([
      'PGHOST must not contain control characters, such as line ends',
      'PGUSER must not contain control characters, such as line ends',
    ]);
    expect(problemsOf({ DATABASE_URL, PGPASSWORD: 'p\tw', PGOPTIONS: '-c a=b\n-c c=d' })).to.deep.equal([]);
    expect(problemsOf({ PGHOST: 'd\rb' }), 'embedded PostgreSQL').to.deep.equal([]);
  });
});
