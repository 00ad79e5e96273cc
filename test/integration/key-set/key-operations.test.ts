import { expect } from 'chai';
import { checkKeys } from '../../../src/bootstrap/check-services.ts';
import { keyPairAlgorithms } from '../../../src/infrastructure/jose/algorithms.ts';
import { startKeySetTest } from '../../support/tokens/key-set.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

describe('JWKS with key_ops', () => {
  for (const alg of keyPairAlgorithms)
    for (const operations of [
      ['verify'],
      ['sign', 'verify'],
      ['verify', 'sign'],
      ['verify', 'verify'],
      ['new', 'verify'],
    ])
      it(`given a ${alg} key for ${operations.join(' and ')}: its tokens are verified`, async () => {
        const signer = keyPairSigner(alg);
        await using trial = await startKeySetTest([]);
        for (const use of [undefined, 'sig']) {
          trial.issuer.keys = [{ ...signer.jwk, use, key_ops: operations }];
          trial.advance(600);
          expect(await trial.verify(signer)).to.include({ outcome: 'verified' });
          const tokens = { keySetUrl: trial.issuer.url, algorithms: [alg] };
          expect((await checkKeys({ tokens })).notes).to.deep.equal([
            'The key set of JWKS_URL has 1 usable key.',
          ]);
        }
      });
});
