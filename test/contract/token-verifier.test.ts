import { verifiedTokens } from '../../src/infrastructure/cache/verified-tokens.ts';
import { keyPairAlgorithms } from '../../src/infrastructure/jose/algorithms.ts';
import { hs256Verifier } from '../../src/infrastructure/jose/hs256-verifier.ts';
import { jwksVerifier } from '../../src/infrastructure/jose/jwks-verifier.ts';
import { startIssuer } from '../support/tokens/issuer.ts';
import { keyPairSigner, secretSigner, type KeyPairAlgorithm } from '../support/tokens/signers.ts';
import { testSecret } from '../support/tokens/tokens.ts';
import { tokenVerifierContract } from './token-verifier.ts';

tokenVerifierContract('HS256', () =>
  Promise.resolve({
    verifier: (rules) => hs256Verifier({ ...rules, secret: testSecret }),
    signer: secretSigner(),
    stranger: secretSigner('another secret, of more than 32 bytes as well'),
    close: () => Promise.resolve(),
  }),
);

tokenVerifierContract('HS256, cached', () =>
  Promise.resolve({
    verifier: (rules) => {
      const verifier = verifiedTokens(hs256Verifier({ ...rules, secret: testSecret }), { max: 10, ...rules });
      return { verify: (token) => verifier.verify(token).then(() => verifier.verify(token)) };
    },
    signer: secretSigner(),
    stranger: secretSigner('another secret, of more than 32 bytes as well'),
    close: () => Promise.resolve(),
  }),
);

for (const alg of ['EdDSA', 'ES256', 'RS256'] satisfies KeyPairAlgorithm[])
  tokenVerifierContract(`JWKS, ${alg}`, async () => {
    const signer = keyPairSigner(alg);
    const issuer = await startIssuer(signer.jwk);
    const options = { url: issuer.url, algorithms: keyPairAlgorithms, failed: () => undefined };
    return {
      verifier: (rules) => jwksVerifier({ ...rules, ...options }),
      signer,
      stranger: keyPairSigner(alg),
      close: () => issuer[Symbol.asyncDispose](),
    };
  });
