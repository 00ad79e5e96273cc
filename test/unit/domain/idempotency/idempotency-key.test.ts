import { expect } from 'chai';
import { parseIdempotencyKey } from '../../../../src/domain/idempotency/idempotency-key.ts';

describe('parseIdempotencyKey', () => {
  for (const text of ['a', '!', '~', '8e03978e-40d5-43dd-bc93-6894a57f9324', '"\\', 'k'.repeat(255)])
    it(`given ${JSON.stringify(text.slice(0, 40))}, ${text.length} characters: it is the key`, () => {
      expect(parseIdempotencyKey(text)).to.deep.equal({ ok: true, value: text });
    });

  for (const text of ['', ' ', 'a b', 'a\t', '\0', 'a\n', '\x7f', 'é', '\u00ff', '😀', 'k'.repeat(256)])
    it(`given ${JSON.stringify(text.slice(0, 40))}, ${text.length} characters: a problem`, () => {
      const problem = 'must have 1 to 255 visible ASCII characters';
      expect(parseIdempotencyKey(text)).to.deep.equal({ ok: false, problem });
    });
});
