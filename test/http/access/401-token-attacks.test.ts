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

const attackerKey = keyPairSigner('EdDSA');
const secret = secretSigner();
const { ed, ec, rsa } = trusted;

const validClaims = () => ({ ...claimsOf('user-1'), ...expectations });
const seconds = () => Math.floor(Date.now() / 1000);
const unsigned = (token: string): string => token.slice(0, token.lastIndexOf('.') + 1);

/** All combinations of lower and upper case letters. */
const spellings = (word: string): string[] =>
  Array.from({ length: 2 ** word.length }, (_, bits) =>
    Array.from(word, (letter, n) => ((bits >> n) & 1 ? letter.toUpperCase() : letter)).join(''),
  );

/** An HMAC with a public key, or another known value, as its secret. */
const hmacBy = (key: string | Buffer, header: Readonly<Record<string, unknown>>): Signer => ({
  header,
  sign: (input) => createHmac('sha256', key).update(input).digest(),
});

const withOtherLastCharacter = (token: string): string[] => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(alphabet, (end) => token.slice(0, -1) + end).filter((other) => other !== token);
};

/** Attacks by name, with the tokens that they send. */
const attacks: Readonly<Record<string, (attacker: Issuer) => string[] | Promise<string[]>>> = {
  'alg none in every combination of letter case, with and without a signature': () =>
    spellings('none').flatMap((alg) => {
      const token = tokenBy(secret, validClaims(), { alg });
      return [
        token,
        unsigned(token),
        tokenBy({ header: { alg }, sign: () => Buffer.alloc(0) }, validClaims()),
      ];
    }),
  'alg that is missing, empty or not a string': () =>
    [undefined, '', null, 0, ['HS256'], { alg: 'HS256' }].map((alg) =>
      tokenBy(secret, validClaims(), { alg }),
    ),
  'HS384 or HS512 with the secret of the service': () =>
    (['HS384', 'HS512'] as const).map((alg) => tokenBy(secretSigner(testSecret, alg), validClaims())),
  'a signature with another secret': () => [
    tokenBy(secretSigner('another secret of more than 32 bytes'), validClaims()),
  ],
  'a signature with an empty secret': () => [tokenBy(secretSigner(''), validClaims())],
  'a public key used as HMAC secret': () =>
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
        ['HS256', 'RS256', 'EdDSA'].map((alg) => tokenBy(hmacBy(key, { alg, kid }), validClaims())),
      );
    }),
  'the secret of the service with an asymmetric alg': () =>
    [ed, ec, rsa].map(({ header }) => tokenBy(hmacBy(testSecret, header), validClaims())),
  'a trusted key with the kid or alg of another key': () => [
    tokenBy(ed, validClaims(), { kid: ec.kid }),
    tokenBy(rsa, validClaims(), { alg: 'PS256' }),
    tokenBy(rsa, validClaims(), { alg: 'RS512' }),
    tokenBy({ header: rsa.header, sign: ec.sign }, validClaims()),
  ],
  'a key of the attacker': () => [
    tokenBy(attackerKey, validClaims()),
    tokenBy(attackerKey, validClaims(), { kid: ed.kid }),
  ],
  'a key of the attacker in the header, or at a URL in the header': (attacker) =>
    [
      { jwk: attackerKey.jwk },
      { jku: attacker.url },
      { x5u: attacker.url },
      { x5c: [attackerKey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      { kid: attacker.url },
      { kid: ed.kid, jwk: attackerKey.jwk, jku: attacker.url, x5u: attacker.url },
      { iss: attacker.origin, jku: `${attacker.origin}/.well-known/jwks.json` },
    ].map((header) => tokenBy(attackerKey, { ...validClaims() }, header)),
  'a kid with a path, SQL, a command or another type': () =>
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
      tokenBy(attackerKey, validClaims(), { kid }),
      tokenBy(hmacBy('', { alg: 'HS256', kid }), validClaims()),
    ]),
  'exp that is missing or not a usable time': () =>
    [undefined, '1900000000', '', -1, -0.5, null, true, [1900000000], {}]
      .map((exp) => tokenBy(secret, { ...validClaims(), exp }))
      .concat(
        ['1e300', '1e999', '-1e999', 'NaN', '9007199254740992'].map((exp) =>
          tokenBy(
            secret,
            `{"sub":"user-1","iss":"${expectations.iss}","aud":"${expectations.aud}","exp":${exp}}`,
          ),
        ),
      ),
  'exp, nbf or iat beyond the leeway': () => [
    tokenBy(secret, { ...validClaims(), exp: seconds() - 11 }),
    tokenBy(secret, { ...validClaims(), exp: seconds() - 11.5 }),
    tokenBy(secret, { ...validClaims(), nbf: seconds() + 60 }),
    tokenBy(secret, { ...validClaims(), iat: seconds() + 60 }),
    tokenBy(ed, { ...validClaims(), exp: seconds() - 11 }),
  ],
  'nbf or iat that is not a number': () =>
    ['1', null, {}, [1], true].flatMap((time) => [
      tokenBy(secret, { ...validClaims(), nbf: time }),
      tokenBy(secret, { ...validClaims(), iat: time }),
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
    ].map((iss) => tokenBy(secret, { ...validClaims(), iss })),
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
    ].map((aud) => tokenBy(ed, { ...validClaims(), aud })),
  'a crit header (RFC 7515, section 4.1.11)': () =>
    [
      { crit: ['exp'], exp: 1 },
      { crit: ['x'], x: 1 },
      { crit: [] },
      { crit: 'b64' },
      { crit: ['b64'], b64: false },
    ].map((header) => tokenBy(secret, validClaims(), header)),
  'an encrypted token (JWE)': async () => {
    const key = Buffer.from(testSecret).subarray(0, 32);
    const encrypted = await new EncryptJWT(validClaims())
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(key);
    return [encrypted, `${base64url('{"alg":"none"}')}.${encrypted}`];
  },
  'an invalid user id': () =>
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
      .flatMap((sub) => [
        tokenBy(secret, { ...validClaims(), sub }),
        tokenBy(ed, { ...validClaims(), user_id: sub }),
      ])
      .concat(
        tokenBy(secret, { ...validClaims(), sub: undefined }),
        tokenBy(secret, { ...validClaims(), sub: null }),
      ),
  'base64 padding after the signature': () =>
    [secret, ed, rsa].flatMap((signer) => [
      `${tokenBy(signer, validClaims())}=`,
      `${tokenBy(signer, validClaims())}==`,
    ]),
  'a signature with another last character': () =>
    [secret, ed, ec, rsa].flatMap((signer) => withOtherLastCharacter(tokenBy(signer, validClaims()))),
  'an altered payload': () =>
    [secret, ed].map((signer) => {
      const [header, , signature] = tokenBy(signer, validClaims()).split('.');
      return `${header}.${base64url(JSON.stringify({ ...validClaims(), sub: 'user-2' }))}.${signature}`;
    }),
  'text that is not a token': () => [
    'a',
    'a.b',
    'a.b.c',
    '..',
    'null',
    'undefined',
    '-',
    '~+/',
    'x'.repeat(8_000),
  ],
};

describe('401 for attacks on tokens', () => {
  let attacked: AttackedService;
  let attacker: Issuer;
  before(async () => {
    attacker = await startIssuer(attackerKey.jwk);
    attacked = await startAttackedService();
  });
  after(async () => {
    await attacked[Symbol.asyncDispose]();
    await attacker[Symbol.asyncDispose]();
  });

  const send = (headers: Readonly<Record<string, string | readonly string[]>>, target = '/api/tasks') =>
    attacked.service.anonymous.get(target, { headers });

  /** Expects 401 with this challenge, and no part of the token in the log or the body. */
  const expectRefused = async (
    challenge: string,
    token: string,
    sendIt: () => ReturnType<typeof send>,
  ): Promise<void> => {
    const answer = await sendIt();
    expect(answer.status, token).to.equal(401);
    expect(answer.headers['www-authenticate'], token).to.equal(challenge);
    for (const part of [token, ...token.split('.')].filter(({ length }) => length > 8)) {
      expect(attacked.log()).not.to.include(part);
      expect(answer.text).not.to.include(part);
    }
  };

  const missing = 'Bearer realm="taskhold"';
  const invalid = 'Bearer realm="taskhold", error="invalid_token"';

  afterEach(() => {
    expect(attacked.databaseCalls()).to.equal(0);
    expect(attacker.requestedPaths).to.deep.equal([]);
    expect(attacked.issuer.requestedPaths.filter((path) => path !== '/jwks.json')).to.deep.equal([]);
  });

  for (const [name, forge] of Object.entries(attacks))
    it(`given ${name}: 401 invalid_token`, async () => {
      for (const token of await forge(attacker))
        await expectRefused(invalid, token, () => send({ Authorization: `Bearer ${token}` }));
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
    it(`given Authorization ${JSON.stringify(header)}: 401 without an error code`, () =>
      expectRefused(missing, '', () => send({ Authorization: header })));

  it('given a token with another scheme: 401 without an error code', async () => {
    const token = tokenBy(secret, validClaims());
    for (const scheme of ['Token ', 'JWT ', 'DPoP ', 'Bearer:', 'Bearer\t', 'Bearer,', ''])
      await expectRefused(missing, token, () => send({ Authorization: scheme + token }));
  });

  it('given more than one token after the scheme: 401 invalid_token', async () => {
    const token = tokenBy(secret, validClaims());
    for (const credentials of [
      `${token} ${token}`,
      `${token},`,
      `"${token}"`,
      `token=${token}`,
      `Bearer ${token}`,
      `${token}; x`,
    ])
      await expectRefused(invalid, token, () => send({ Authorization: `Bearer ${credentials}` }));
  });

  it('given two Authorization headers, one with a valid token: 401', async () => {
    const token = tokenBy(secret, validClaims());
    for (const [first, second, challenge] of [
      [`Bearer ${token}`, `Bearer ${token}`, invalid],
      [`Bearer ${token}`, 'Basic dXNlcjpwYXNz', invalid],
      ['Basic dXNlcjpwYXNz', `Bearer ${token}`, missing],
    ] as const) {
      const request = `GET /api/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${first}\r\nauthorization: ${second}\r\n\r\n`;
      await expectRefused(challenge, token, async () => {
        const { answers } = await attacked.service.raw(request, { answers: 1 });
        if (answers[0] === undefined) throw new Error('No response');
        return answers[0];
      });
    }
  });

  it('given a token in the query, a cookie, another header or the body: 401', async () => {
    const token = tokenBy(secret, validClaims());
    for (const name of ['access_token', 'token', 'authorization', 'jwt'])
      await expectRefused(missing, token, () => send({}, `/api/tasks?${name}=${token}`));
    for (const headers of [
      { Cookie: `token=${token}; access_token=${token}; better-auth.session_token=${token}` },
      { 'X-Access-Token': token },
      { 'Proxy-Authorization': `Bearer ${token}` },
      { 'X-Authorization': `Bearer ${token}` },
      { 'X-Forwarded-Authorization': `Bearer ${token}` },
      { 'Sec-WebSocket-Protocol': `bearer, ${token}` },
    ])
      await expectRefused(missing, token, () => send(headers));
    await expectRefused(missing, token, () =>
      attacked.service.anonymous.post('/api/tasks', { access_token: token, title: 'x' }),
    );
  });

  it('given 2,000 unknown kids: 401, and at most one request to the issuer', async () => {
    await send({ Authorization: `Bearer ${tokenBy(ed, validClaims(), { kid: 'nobody' })}` });
    const before = attacked.issuer.requestedPaths.length;
    for (let round = 0; round < 100; round += 1)
      await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const token = tokenBy(ed, validClaims(), { kid: `${round}-${n}` });
          expect((await send({ Authorization: `Bearer ${token}` })).status).to.equal(401);
        }),
      );
    expect(attacked.issuer.requestedPaths.length - before).to.be.at.most(1);
  });
});

describe('401 is not returned for valid tokens', () => {
  let attacked: AttackedService;
  before(async () => {
    attacked = await startAttackedService();
  });
  after(() => attacked[Symbol.asyncDispose]());

  const expectAccepted = async (token: string, scheme = 'Bearer'): Promise<void> => {
    const authorization = `${scheme} ${token}`;
    const answer = await attacked.service.anonymous.options('/api/tasks', { headers: { authorization } });
    expect(answer.status).to.equal(204);
  };

  for (const [what, signer] of Object.entries({ secret, ...trusted }))
    it(`given a token signed with ${what}: accepted`, () => expectAccepted(tokenBy(signer, validClaims())));

  it('given exp, nbf or iat within the leeway: accepted', async () => {
    await expectAccepted(tokenBy(secret, { ...validClaims(), exp: seconds() - 5 }));
    await expectAccepted(tokenBy(secret, { ...validClaims(), nbf: seconds() + 9 }));
    await expectAccepted(tokenBy(secret, { ...validClaims(), iat: seconds() + 9 }));
  });

  it('given times with fractions of a second: accepted', async () => {
    const times = { exp: seconds() + 3600.25, nbf: seconds() - 0.75, iat: seconds() - 0.5 };
    for (const signer of [secret, ed]) await expectAccepted(tokenBy(signer, { ...validClaims(), ...times }));
  });

  it('given several audiences, one of them required: accepted', () =>
    expectAccepted(tokenBy(ed, { ...validClaims(), aud: ['other', expectations.aud] })));

  it('given the scheme in other letter case or with more spaces: accepted', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR', 'Bearer  '])
      await expectAccepted(tokenBy(secret, validClaims()), scheme);
  });

  it('given an accepted token: no part of it in the log', async () => {
    const token = tokenBy(secret, validClaims());
    await expectAccepted(token);
    for (const part of token.split('.')) expect(attacked.log()).not.to.include(part);
  });
});

describe('503 while keys cannot be fetched', () => {
  let attacked: AttackedService;
  before(async () => {
    attacked = await startAttackedService();
    attacked.issuer.respond = (response) => void response.writeHead(500).end();
  });
  after(() => attacked[Symbol.asyncDispose]());

  it('given a token of the key set: 503 with Retry-After; given one of the secret: accepted', async () => {
    const authorization = `Bearer ${tokenBy(ed, validClaims())}`;
    const answer = await attacked.service.anonymous.get('/api/tasks', { headers: { authorization } });
    expect(answer.status).to.equal(503);
    expect(JSON.parse(answer.text)).to.include({ code: 'unavailable' });
    expect(Number(answer.headers['retry-after'])).to.be.within(1, 10);
    expect(attacked.databaseCalls()).to.equal(0);
    expect(attacked.log()).to.include('keys_not_fetched');
    const other = { authorization: `Bearer ${tokenBy(secret, validClaims())}` };
    expect((await attacked.service.anonymous.options('/api/tasks', { headers: other })).status).to.equal(204);
  });
});
