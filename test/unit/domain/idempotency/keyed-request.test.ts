import { expect } from 'chai';
import { isFingerprint } from '../../../../src/domain/idempotency/keyed-request.ts';

describe('isFingerprint', () => {
  it('given 64 hexadecimal digits in lower case: true', () => {
    expect(isFingerprint('0123456789abcdef'.repeat(4))).to.be.true;
  });

  for (const text of ['', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `${'a'.repeat(63)}g`])
    it(`given ${JSON.stringify(text)}: false`, () => {
      expect(isFingerprint(text)).to.be.false;
    });
});
