import { createHmac, generateKeyPairSync } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { keyPairAlgorithms } from '../../../src/infrastructure/jose/algorithms.ts';
import { respondWithStatus, respondWithText, startIssuer } from '../../support/tokens/issuer.ts';
import { startKeySetTest } from '../../support/tokens/key-set.ts';
import { keyPairSigner, type Signer } from '../../support/tokens/signers.ts';

describe('JWKS contents', () => {
  const good = keyPairSigner('EdDSA');

  for (const alg of keyPairAlgorithms) {
    const signer = keyPairSigner(alg);
    it(`given a published ${alg} key: its tokens are verified`, async () => {
      await using trial = await startKeySetTest([signer]);
      expect(await trial.outcome(signer)).to.equal('verified');
    });

    it(`given a ${alg} key without use and alg: its tokens are verified`, async () => {
      await using trial = await startKeySetTest([signer]);
      const bare = { ...signer.jwk };
      delete bare['use'];
      delete bare['alg'];
      trial.issuer.keys = [bare];
      expect(await trial.outcome(signer)).to.equal('verified');
    });

    it(`given ${alg} outside of the allowed algorithms: refused, and the key set is not fetched`, async () => {
      const algorithms = keyPairAlgorithms.filter(
        (name) => name !== alg && (alg !== 'Ed25519' || name !== 'EdDSA'),
      );
      await using trial = await startKeySetTest([signer], { algorithms });
      expect(await trial.outcome(signer)).to.equal('refused');
      expect(trial.fetches()).to.equal(0);
    });
  }

  // RFC 9864 renames the algorithm of an Ed25519 key: issuers, libraries and key sets change one at a time.
  for (const [keyAlg, tokenAlg] of [
    ['EdDSA', 'EdDSA'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
    ['Ed25519', 'Ed25519'],
    [undefined, 'EdDSA'],
    [undefined, 'Ed25519'],
  ] as const) {
    const signer = keyPairSigner('EdDSA');
    const jwk = { ...signer.jwk, alg: keyAlg };

    it(`given an Ed25519 key with the alg ${keyAlg} and a token with ${tokenAlg}: verified`, async () => {
      for (const algorithms of [keyPairAlgorithms, ['EdDSA'], ['RS256', 'EdDSA']] as const) {
        await using trial = await startKeySetTest([signer], { algorithms });
        trial.issuer.keys = [jwk];
        expect(await trial.outcome(signer, { alg: tokenAlg })).to.equal('verified');
        expect(await trial.outcome(signer, { alg: tokenAlg, kid: undefined })).to.equal('verified');
        const stranger = { header: signer.header, sign: keyPairSigner('EdDSA').sign };
        expect(await trial.outcome(stranger, { alg: tokenAlg })).to.equal('refused');
      }
    });

    it(`given only Ed25519 allowed, a key with the alg ${keyAlg}: ${tokenAlg} is verified only as Ed25519`, async () => {
      await using trial = await startKeySetTest([signer], { algorithms: ['Ed25519'] });
      trial.issuer.keys = [jwk];
      const expected = tokenAlg === 'Ed25519' ? 'verified' : 'refused';
      expect(await trial.outcome(signer, { alg: tokenAlg })).to.equal(expected);
    });
  }

  it('given one Ed25519 key published under both names: both names are verified', async () => {
    const signer = keyPairSigner('EdDSA');
    await using trial = await startKeySetTest([signer]);
    trial.issuer.keys = [signer.jwk, { ...signer.jwk, alg: 'Ed25519' }];
    for (const alg of ['EdDSA', 'Ed25519']) expect(await trial.outcome(signer, { alg })).to.equal('verified');
  });

  it('given an EC or RSA key with the alg EdDSA or Ed25519: refused', async () => {
    for (const alg of ['ES256', 'RS256'] as const) {
      const signer = keyPairSigner(alg);
      await using trial = await startKeySetTest([signer]);
      for (const name of ['EdDSA', 'Ed25519']) {
        trial.issuer.keys = [{ ...signer.jwk, alg: name }];
        trial.advance(600);
        expect(await trial.outcome(signer)).to.equal('refused');
      }
    }
  });

  for (const [what, members] of [
    ['for encryption', { use: 'enc' }],
    ['for an unknown use', { use: 'other' }],
    ['for signing alone', { key_ops: ['sign'] }],
    ['of another algorithm', { alg: 'ES256' }],
    ['of another curve', { crv: 'X25519' }],
    ['of another type', { kty: 'EC' }],
    ['with a kid that is not a string', { kid: 1 }],
    ['with invalid coordinates', { x: 'AAAA' }],
  ] as const)
    it(`given a key ${what}: refused, and the other keys stay in use`, async () => {
      const signer = keyPairSigner('EdDSA');
      await using trial = await startKeySetTest([good]);
      trial.issuer.keys = [{ ...signer.jwk, ...members }, good.jwk];
      expect(await trial.outcome(signer)).to.equal('refused');
      expect(await trial.outcome(good)).to.equal('verified');
    });

  it('given a published private key: refused, and the other keys stay in use', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'leaked', alg: 'EdDSA' };
    await using trial = await startKeySetTest([good]);
    trial.issuer.keys = [jwk, good.jwk];
    const signer = { header: { ...good.header, kid: 'leaked' }, sign: good.sign };
    expect(await trial.outcome(signer)).to.equal('refused');
    expect(await trial.outcome(good)).to.equal('verified');
  });

  it('given an RSA key of 1024 bits: refused', async () => {
    const short = keyPairSigner('RS256', 1024);
    await using trial = await startKeySetTest([short]);
    expect(await trial.outcome(short)).to.equal('refused');
  });

  it('given a symmetric key in the key set: refused', async () => {
    const secret = Buffer.alloc(32, 7);
    const jwk = { kty: 'oct', k: secret.toString('base64url'), kid: 'shared' };
    await using trial = await startKeySetTest([good]);
    trial.issuer.keys = [jwk, { ...jwk, alg: 'HS256' }, good.jwk];
    for (const alg of ['HS256', 'EdDSA']) {
      const hmac: Signer = {
        header: { alg, kid: 'shared' },
        sign: (input) => createHmac('sha256', secret).update(input).digest(),
      };
      expect(await trial.outcome(hmac)).to.equal('refused');
      expect(await trial.outcome(hmac, { kid: undefined })).to.equal('refused');
    }
  });

  it('given entries that are not keys: they are skipped', async () => {
    await using trial = await startKeySetTest([good]);
    trial.issuer.respond = respondWithText(
      JSON.stringify({ keys: [null, 1, 'key', [], {}, { kty: 1 }, { kty: 'new' }, good.jwk], more: true }),
    );
    expect(await trial.outcome(good)).to.equal('verified');
  });

  it('given a byte order mark before the key set: the keys are used', async () => {
    await using trial = await startKeySetTest([good]);
    trial.issuer.respond = respondWithText(`\ufeff${JSON.stringify({ keys: [good.jwk] })}`);
    expect(await trial.outcome(good)).to.equal('verified');
    expect(trial.failures).to.deep.equal([]);
  });

  it('given a key set that is compressed, or of another content type: the keys are used', async () => {
    const text = JSON.stringify({ keys: [good.jwk] });
    for (const [headers, body] of [
      [{ 'Content-Type': 'text/plain' }, text],
      [{ 'Content-Type': 'application/octet-stream' }, text],
      [{ 'Content-Type': 'application/json; charset=iso-8859-1' }, text],
      [{}, text],
      [{ 'Content-Encoding': 'gzip' }, gzipSync(text)],
      [{ 'Content-Encoding': 'deflate' }, deflateSync(text)],
      [{ 'Content-Encoding': 'br' }, brotliCompressSync(text)],
    ] as const) {
      await using trial = await startKeySetTest([good]);
      trial.issuer.respond = (response) => void response.writeHead(200, headers).end(body);
      expect(await trial.outcome(good), JSON.stringify(headers)).to.equal('verified');
    }
  });

  it('given a compressed answer that is too large when decompressed: the keys are unavailable', async () => {
    await using trial = await startKeySetTest([good]);
    const body = gzipSync(`{"keys":[],"more":"${'x'.repeat(10_000_000)}"}`);
    trial.issuer.respond = (response) =>
      void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(body);
    expect(await trial.outcome(good)).to.equal('unavailable');
  });

  it('given several keys with one kid: each of them verifies its tokens', async () => {
    const signers = [
      keyPairSigner('ES256'),
      keyPairSigner('ES256'),
      keyPairSigner('RS256'),
      keyPairSigner('EdDSA'),
    ];
    await using trial = await startKeySetTest(signers);
    trial.issuer.keys = signers.map(({ jwk }) => ({ ...jwk, kid: 'same' }));
    for (const signer of signers) expect(await trial.outcome(signer, { kid: 'same' })).to.equal('verified');
    expect(await trial.outcome(keyPairSigner('ES256'), { kid: 'same' })).to.equal('refused');
  });

  it('given keys without kid, and one token with a kid: a token without kid is verified', async () => {
    const signer = keyPairSigner('ES256');
    await using trial = await startKeySetTest([signer]);
    const bare = { ...signer.jwk };
    delete bare['kid'];
    trial.issuer.keys = [bare, good.jwk];
    expect(await trial.outcome(signer, { kid: undefined })).to.equal('verified');
    expect(await trial.outcome(good)).to.equal('verified');
  });

  it('given keys of unknown types, curves and algorithms: they are skipped', async () => {
    const { x = '' } = good.jwk;
    await using trial = await startKeySetTest([good]);
    trial.issuer.keys = [
      generateKeyPairSync('ed448').publicKey.export({ format: 'jwk' }),
      { ...generateKeyPairSync('ed448').publicKey.export({ format: 'jwk' }), kid: good.kid, alg: 'Ed448' },
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA', kid: good.kid },
      { kty: 'EC', crv: 'secp256k1', x, y: x, kid: good.kid },
      { kty: 'RSA', n: '', e: '', kid: good.kid },
      good.jwk,
    ];
    expect(await trial.outcome(good)).to.equal('verified');
    expect(await trial.outcome(good, { kid: undefined })).to.equal('verified');
  });

  it('given a token without a kid: every key of its algorithm is tried', async () => {
    const signers = [keyPairSigner('ES256'), keyPairSigner('ES256'), keyPairSigner('ES256')];
    await using trial = await startKeySetTest([good, ...signers]);
    for (const signer of [good, ...signers])
      expect(await trial.outcome(signer, { kid: undefined })).to.equal('verified');
    expect(await trial.outcome(keyPairSigner('ES256'), { kid: undefined })).to.equal('refused');
  });

  it('given several keys to try and a wrong issuer: refused', async () => {
    const signers = [keyPairSigner('ES256'), keyPairSigner('ES256')];
    await using trial = await startKeySetTest(signers, { issuer: 'https://issuer.example.org' });
    for (const signer of signers) expect(await trial.outcome(signer, { kid: undefined })).to.equal('refused');
  });

  it('given a key or a key URL in the token header: it is ignored', async () => {
    const own = keyPairSigner('EdDSA');
    await using attacker = await startIssuer(own.jwk);
    await using trial = await startKeySetTest([good]);
    await trial.outcome(good);
    const der = own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    for (const header of [
      { jwk: own.jwk },
      { jku: attacker.url },
      { x5u: attacker.url },
      { x5c: [der] },
      { kid: attacker.url },
      { kid: good.kid, jwk: own.jwk, jku: attacker.url, x5u: attacker.url },
      { kid: '../../../../dev/null' },
      { kid: "' OR 1=1 --" },
      { kid: '__proto__' },
      { kid: { toString: good.kid } },
      { kid: [good.kid] },
      { kid: null },
    ])
      expect(await trial.outcome(own, header)).to.equal('refused');
    expect(attacker.requestedPaths).to.deep.equal([]);
    expect(new Set(trial.issuer.requestedPaths)).to.deep.equal(new Set(['/jwks.json']));
  });
});

describe('JWKS responses that are not a key set', () => {
  const good = keyPairSigner('EdDSA');

  for (const [what, answer] of [
    ['status 500', respondWithStatus(500)],
    ['status 204', respondWithStatus(204)],
    ['status 404', respondWithStatus(404)],
    ['an HTML page', respondWithText('<!doctype html>')],
    ['two byte order marks', respondWithText('\ufeff\ufeff{"keys":[]}')],
    ['UTF-16', (response: ServerResponse) => void response.end(Buffer.from('\ufeff{"keys":[]}', 'utf16le'))],
    ['a byte order mark alone', respondWithText('\ufeff')],
    ['a list', respondWithText('[]')],
    ['null', respondWithText('null')],
    ['an object without keys', respondWithText('{}')],
    ['an object whose keys are not a list', respondWithText('{"keys":{}}')],
    ['more than 256 KiB', respondWithText(`{"keys":[],"more":"${'x'.repeat(256 * 1024)}"}`)],
  ] as const)
    it(`given ${what}: the keys are unavailable`, async () => {
      await using trial = await startKeySetTest([good]);
      trial.issuer.respond = answer;
      expect(await trial.outcome(good)).to.equal('unavailable');
      expect(trial.failures).to.have.length(1);
    });

  it('given a redirect: the keys are unavailable, and the target is not fetched', async () => {
    await using elsewhere = await startIssuer(good.jwk);
    await using trial = await startKeySetTest([good]);
    for (const status of [301, 302, 303, 307, 308]) {
      trial.issuer.respond = respondWithStatus(status, { Location: elsewhere.url });
      trial.advance(10);
      expect(await trial.outcome(good)).to.equal('unavailable');
    }
    expect(trial.fetches()).to.equal(5);
    expect(elsewhere.requestedPaths).to.deep.equal([]);
  });

  it('given a response that takes longer than 3 s: the keys are unavailable', async () => {
    await using trial = await startKeySetTest([good]);
    trial.issuer.respond = (response) => void response.writeHead(200).write('{"keys":');
    const started = performance.now();
    expect(await trial.outcome(good)).to.equal('unavailable');
    expect(performance.now() - started).to.be.within(2_500, 5_000);
  });
});
