import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { EncryptJWT } from 'jose';
import {
  expectations,
  startAttackedService,
  trusted,
  type AttackedService,
} from '../../support/http/attacked-service.ts';
import { startIssuer, type Issuer } from '../../support/tokens/issuer.ts';
import {
  base64url,
  claimsOf,
  keyPairSigner,
  secretSigner,
  tokenBy,
  type Signer,
} from '../../support/tokens/signers.ts';
import { testSecret } from '../../support/tokens/tokens.ts';

const attackersOwn = keyPairSigner('EdDSA');
const secret = secretSigner();
const { ed, ec, rsa } = trusted;

const good = () => ({ ...claimsOf('user-1'), ...expectations });
const seconds = () => Math.floor(Date.now() / 1000);
const unsigned = (token: string): string => token.slice(0, token.lastIndexOf('.') + 1);

/** Each spelling of a word in small and capital letters. */
const spellings = (word: string): string[] =>
  Array.from({ length: 2 ** word.length }, (_, bits) =>
    Array.from(word, (letter, n) => ((bits >> n) & 1 ? letter.toUpperCase() : letter)).join(''),
  );

/** An HMAC keyed with what everybody knows, under a header of the attacker's choice. */
const hmacBy = (key: string | Buffer, header: Readonly<Record<string, unknown>>): Signer => ({
  header,
  sign: (input) => createHmac('sha256', key).update(input).digest(),
});

const otherEnd = (token: string): string[] => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(alphabet, (end) => token.slice(0, -1) + end).filter((other) => other !== token);
};

/** Every attack by the tokens it would send. */
const attacks: Readonly<Record<string, (attacker: Issuer) => string[] | Promise<string[]>>> = {
  'alg none, in every spelling, signed or not': () =>
    spellings('none').flatMap((alg) => {
      const token = tokenBy(secret, good(), { alg });
      return [token, unsigned(token), tokenBy({ header: { alg }, sign: () => Buffer.alloc(0) }, good())];
    }),
  'alg missing, empty, or no string': () =>
    [undefined, '', null, 0, ['HS256'], { alg: 'HS256' }].map((alg) => tokenBy(secret, good(), { alg })),
  'another HMAC with our secret': () =>
    (['HS384', 'HS512'] as const).map((alg) => tokenBy(secretSigner(testSecret, alg), good())),
  'another secret': () => [tokenBy(secretSigner('another secret of more than 32 bytes'), good())],
  'an empty secret': () => [tokenBy(secretSigner(''), good())],
  'a public key as the secret': () =>
    [ed, ec, rsa].flatMap((signer) => {
      const { publicKey, jwk, kid } = signer;
      const pem = publicKey.export({ type: 'spki', format: 'pem' });
      const keys = [
        pem,
        pem.toString().trim(),
        publicKey.export({ type: 'spki', format: 'der' }),
        JSON.stringify(jwk),
        Buffer.from(jwk.x ?? jwk.n ?? '', 'base64url'),
      ];
      return keys.flatMap((key) =>
        ['HS256', 'RS256', 'EdDSA'].map((alg) => tokenBy(hmacBy(key, { alg, kid }), good())),
      );
    }),
  'our secret under an algorithm of key pairs': () =>
    [ed, ec, rsa].map(({ header }) => tokenBy(hmacBy(testSecret, header), good())),
  "a trusted key under another's name": () => [
    tokenBy(ed, good(), { kid: ec.kid }),
    tokenBy(rsa, good(), { alg: 'PS256' }),
    tokenBy(rsa, good(), { alg: 'RS512' }),
    tokenBy({ header: rsa.header, sign: ec.sign }, good()),
  ],
  'a key of its own': () => [tokenBy(attackersOwn, good()), tokenBy(attackersOwn, good(), { kid: ed.kid })],
  'a key of its own in the header, or where the header says': (attacker) =>
    [
      { jwk: attackersOwn.jwk },
      { jku: attacker.url },
      { x5u: attacker.url },
      { x5c: [attackersOwn.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      { kid: attacker.url },
      { kid: ed.kid, jwk: attackersOwn.jwk, jku: attacker.url, x5u: attacker.url },
      { iss: attacker.origin, jku: `${attacker.origin}/.well-known/jwks.json` },
    ].map((header) => tokenBy(attackersOwn, { ...good() }, header)),
  'a kid that leads astray': () =>
    [
      '../../../dev/null',
      '/dev/null',
      "' UNION SELECT 'x",
      '`id`',
      '',
      '__proto__',
      'constructor',
      0,
      null,
      [ed.kid],
      {},
    ].flatMap((kid) => [
      tokenBy(attackersOwn, good(), { kid }),
      tokenBy(hmacBy('', { alg: 'HS256', kid }), good()),
    ]),
  'no exp, or an absurd one': () =>
    [undefined, '1900000000', '', -1, -0.5, null, true, [1900000000], {}]
      .map((exp) => tokenBy(secret, { ...good(), exp }))
      .concat(
        ['1e300', '1e999', '-1e999', 'NaN', '9007199254740992'].map((exp) =>
          tokenBy(
            secret,
            `{"sub":"user-1","iss":"${expectations.iss}","aud":"${expectations.aud}","exp":${exp}}`,
          ),
        ),
      ),
  'a time beyond the leeway': () => [
    tokenBy(secret, { ...good(), exp: seconds() - 11 }),
    tokenBy(secret, { ...good(), exp: seconds() - 11.5 }),
    tokenBy(secret, { ...good(), nbf: seconds() + 60 }),
    tokenBy(secret, { ...good(), iat: seconds() + 60 }),
    tokenBy(ed, { ...good(), exp: seconds() - 11 }),
  ],
  'a time that is none': () =>
    ['1', null, {}, [1], true].flatMap((time) => [
      tokenBy(secret, { ...good(), nbf: time }),
      tokenBy(secret, { ...good(), iat: time }),
    ]),
  'another issuer': () =>
    [
      'https://issuer.example.org',
      'https://evil.example.org/',
      '',
      null,
      1,
      [expectations.iss],
      undefined,
    ].map((iss) => tokenBy(secret, { ...good(), iss })),
  'another audience': () =>
    [
      'other',
      'taskhold ',
      '',
      null,
      1,
      [],
      ['other'],
      [[expectations.aud]],
      { aud: expectations.aud },
      undefined,
    ].map((aud) => tokenBy(ed, { ...good(), aud })),
  'an extension that must be understood': () =>
    [
      { crit: ['exp'], exp: 1 },
      { crit: ['x'], x: 1 },
      { crit: [] },
      { crit: 'b64' },
      { crit: ['b64'], b64: false },
    ].map((header) => tokenBy(secret, good(), header)),
  'an encrypted token': async () => {
    const key = Buffer.from(testSecret).subarray(0, 32);
    const encrypted = await new EncryptJWT(good())
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(key);
    return [encrypted, `${base64url('{"alg":"none"}')}.${encrypted}`];
  },
  'a user that is none': () =>
    [
      41,
      0,
      true,
      { id: 'user-1' },
      ['user-1'],
      '',
      'x'.repeat(256),
      'a\0b',
      'user-1\n',
      'user-1\r\n',
      'user-1\u001b',
      'user-1\u007f',
      'user-1\u0080',
      'user-1\ud800',
      'user-1\udc00',
    ]
      .flatMap((sub) => [tokenBy(secret, { ...good(), sub }), tokenBy(ed, { ...good(), user_id: sub })])
      .concat(tokenBy(secret, { ...good(), sub: undefined }), tokenBy(secret, { ...good(), sub: null })),
  'padding behind the signature': () =>
    [secret, ed, rsa].flatMap((signer) => [`${tokenBy(signer, good())}=`, `${tokenBy(signer, good())}==`]),
  'an altered end of the signature': () =>
    [secret, ed, ec, rsa].flatMap((signer) => otherEnd(tokenBy(signer, good()))),
  'an altered payload': () =>
    [secret, ed].map((signer) => {
      const [header, , signature] = tokenBy(signer, good()).split('.');
      return `${header}.${base64url(JSON.stringify({ ...good(), sub: 'user-2' }))}.${signature}`;
    }),
  'no token at all': () => ['a', 'a.b', 'a.b.c', '..', 'null', 'undefined', '-', '~+/', 'x'.repeat(8_000)],
};

describe('401 for every known attack on tokens', () => {
  let attacked: AttackedService;
  let attacker: Issuer;
  before(async () => {
    attacker = await startIssuer(attackersOwn.jwk);
    attacked = await startAttackedService();
  });
  after(async () => {
    await attacked[Symbol.asyncDispose]();
    await attacker[Symbol.asyncDispose]();
  });

  const send = (headers: Readonly<Record<string, string | readonly string[]>>, target = '/api/tasks') =>
    attacked.service.anonymous.get(target, { headers });

  /** Refused, without a word of the token in the log, and without a look into the database. */
  const refuses = async (
    challenge: string,
    token: string,
    asking: () => ReturnType<typeof send>,
  ): Promise<void> => {
    const answer = await asking();
    expect(answer.status, token).to.equal(401);
    expect(answer.headers['www-authenticate'], token).to.equal(challenge);
    for (const part of [token, ...token.split('.')].filter(({ length }) => length > 8)) {
      expect(attacked.log()).not.to.include(part);
      expect(answer.text).not.to.include(part);
    }
  };

  const missing = 'Bearer realm="taskhold"';
  const bad = 'Bearer realm="taskhold", error="invalid_token"';

  afterEach(() => {
    expect(attacked.databaseCalls()).to.equal(0);
    expect(attacker.requestedPaths).to.deep.equal([]);
    expect(attacked.issuer.requestedPaths.filter((path) => path !== '/jwks.json')).to.deep.equal([]);
  });

  for (const [name, forge] of Object.entries(attacks))
    it(name, async () => {
      for (const token of await forge(attacker))
        await refuses(bad, token, () => send({ Authorization: `Bearer ${token}` }));
    });

  for (const header of [
    '',
    'Bearer',
    'Bearer ',
    'bearer  ',
    'Basic dXNlcjpwYXNz',
    'Token',
    'BearerX',
    'Digest a="b"',
  ])
    it(`no token: ${JSON.stringify(header)}`, () =>
      refuses(missing, '', () => send({ Authorization: header })));

  it('another scheme', async () => {
    const token = tokenBy(secret, good());
    for (const scheme of ['Token ', 'JWT ', 'DPoP ', 'Bearer:', 'Bearer\t', 'Bearer,', ''])
      await refuses(missing, token, () => send({ Authorization: scheme + token }));
  });

  it('anything but one token behind the scheme', async () => {
    const token = tokenBy(secret, good());
    for (const credentials of [
      `${token} ${token}`,
      `${token},`,
      `"${token}"`,
      `token=${token}`,
      `Bearer ${token}`,
      `${token}; x`,
    ])
      await refuses(bad, token, () => send({ Authorization: `Bearer ${credentials}` }));
  });

  it('two Authorization headers, whichever is good', async () => {
    const token = tokenBy(secret, good());
    for (const [first, second, challenge] of [
      [`Bearer ${token}`, `Bearer ${token}`, bad],
      [`Bearer ${token}`, 'Basic dXNlcjpwYXNz', bad],
      ['Basic dXNlcjpwYXNz', `Bearer ${token}`, missing],
    ] as const) {
      const request = `GET /api/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${first}\r\nauthorization: ${second}\r\n\r\n`;
      await refuses(challenge, token, async () => {
        const { answers } = await attacked.service.raw(request, { answers: 1 });
        if (answers[0] === undefined) throw new Error('There was no answer');
        return answers[0];
      });
    }
  });

  it('a token anywhere else', async () => {
    const token = tokenBy(secret, good());
    for (const name of ['access_token', 'token', 'authorization', 'jwt'])
      await refuses(missing, token, () => send({}, `/api/tasks?${name}=${token}`));
    for (const headers of [
      { Cookie: `token=${token}; access_token=${token}; better-auth.session_token=${token}` },
      { 'X-Access-Token': token },
      { 'Proxy-Authorization': `Bearer ${token}` },
      { 'X-Authorization': `Bearer ${token}` },
      { 'X-Forwarded-Authorization': `Bearer ${token}` },
      { 'Sec-WebSocket-Protocol': `bearer, ${token}` },
    ])
      await refuses(missing, token, () => send(headers));
    await refuses(missing, token, () =>
      attacked.service.anonymous.post('/api/tasks', { access_token: token, title: 'x' }),
    );
  });

  it('2,000 keys that nobody knows, for which the issuer is asked once at most', async () => {
    await send({ Authorization: `Bearer ${tokenBy(ed, good(), { kid: 'nobody' })}` });
    const before = attacked.issuer.requestedPaths.length;
    for (let round = 0; round < 100; round += 1)
      await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const token = tokenBy(ed, good(), { kid: `${round}-${n}` });
          expect((await send({ Authorization: `Bearer ${token}` })).status).to.equal(401);
        }),
      );
    expect(attacked.issuer.requestedPaths.length - before).to.be.at.most(1);
  });
});

describe('what is no attack on tokens', () => {
  let attacked: AttackedService;
  before(async () => {
    attacked = await startAttackedService();
  });
  after(() => attacked[Symbol.asyncDispose]());

  const enters = async (token: string, scheme = 'Bearer'): Promise<void> => {
    const authorization = `${scheme} ${token}`;
    const answer = await attacked.service.anonymous.options('/api/tasks', { headers: { authorization } });
    expect(answer.status).to.equal(204);
  };

  for (const [what, signer] of Object.entries({ secret, ...trusted }))
    it(`is let in: ${what}`, () => enters(tokenBy(signer, good())));

  it('is let in: within the leeway', async () => {
    await enters(tokenBy(secret, { ...good(), exp: seconds() - 5 }));
    await enters(tokenBy(secret, { ...good(), nbf: seconds() + 9 }));
    await enters(tokenBy(secret, { ...good(), iat: seconds() + 9 }));
  });

  it('is let in: times with a fraction', async () => {
    const times = { exp: seconds() + 3600.25, nbf: seconds() - 0.75, iat: seconds() - 0.5 };
    for (const signer of [secret, ed]) await enters(tokenBy(signer, { ...good(), ...times }));
  });

  it('is let in: one audience among several', () =>
    enters(tokenBy(ed, { ...good(), aud: ['other', expectations.aud] })));

  it('is let in: a scheme in other letters, and more spaces', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR', 'Bearer  '])
      await enters(tokenBy(secret, good()), scheme);
  });

  it('and still nothing of it is in the log', async () => {
    const token = tokenBy(secret, good());
    await enters(token);
    for (const part of token.split('.')) expect(attacked.log()).not.to.include(part);
  });
});

describe('503 while keys cannot be had', () => {
  let attacked: AttackedService;
  before(async () => {
    attacked = await startAttackedService();
    attacked.issuer.respond = (response) => void response.writeHead(500).end();
  });
  after(() => attacked[Symbol.asyncDispose]());

  it('says when to come back, and lets in by the secret all the while', async () => {
    const authorization = `Bearer ${tokenBy(ed, good())}`;
    const answer = await attacked.service.anonymous.get('/api/tasks', { headers: { authorization } });
    expect(answer.status).to.equal(503);
    expect(JSON.parse(answer.text)).to.include({ code: 'unavailable' });
    expect(Number(answer.headers['retry-after'])).to.be.within(1, 10);
    expect(attacked.databaseCalls()).to.equal(0);
    expect(attacked.log()).to.include('keys_not_fetched');
    const other = { authorization: `Bearer ${tokenBy(secret, good())}` };
    expect((await attacked.service.anonymous.options('/api/tasks', { headers: other })).status).to.equal(204);
  });
});
