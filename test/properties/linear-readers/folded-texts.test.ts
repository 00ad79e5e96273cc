import { compareCodePoints, fold } from '../../../src/domain/fold.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

// Without combining marks in a row: String.prototype.normalize sorts them in quadratic time. Titles and descriptions
// are short enough.
const more = [
  'A',
  'Ж',
  'İ',
  '漢',
  'e\u0301',
  'J\u030c',
  '\u1112\u1161\u11ab',
  '\ufb2c',
  '\u{10400}',
  '\ud800',
];

describe('a text is folded in linear time', () => {
  itReadsInLinearTime('given a text', fold, hostileTexts('', '', more));
  itReadsInLinearTime('given a text with a capital at the end', fold, hostileTexts('', 'Ä', more));
  itReadsInLinearTime(
    'given two texts that differ at the end',
    (text: string) => compareCodePoints(`${text}a`, `${text}b`),
    hostileTexts('', '', more),
  );
});
