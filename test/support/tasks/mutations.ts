import type { Random } from '../random.ts';

const specialTexts = [
  '\r\n',
  '\r\n\r\n',
  '\0',
  ':',
  ' ',
  '%',
  '%zz',
  '"',
  '{',
  '\u{1f95b}',
  ', ',
  '0',
  '-1',
  '99999999999999999999',
  'chunked',
  '\xff',
];

/** The bytes with one to four random mutations. */
export const mutate = (bytes: Buffer, random: Random): Buffer => {
  let mutant = bytes;
  for (let times = 1 + random.below(4); times > 0; times -= 1) mutant = mutateOnce(mutant, random);
  return mutant;
};

const mutateOnce = (bytes: Buffer, random: Random): Buffer => {
  const at = random.below(bytes.length + 1);
  const upTo = Math.min(bytes.length, at + 1 + random.below(12));
  const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, upTo), bytes.subarray(upTo)];
  switch (random.below(7)) {
    case 0: // replaces a byte
      return Buffer.concat([
        before,
        Buffer.from([random.below(256)]),
        bytes.subarray(Math.min(at + 1, bytes.length)),
      ]);
    case 1: // flips a bit of each byte in a piece
      return Buffer.concat([before, Buffer.from(piece.map((byte) => byte ^ (1 << random.below(8)))), after]);
    case 2: // removes a piece
      return Buffer.concat([before, after]);
    case 3: // repeats a piece
      return Buffer.concat([before, piece, piece, after]);
    case 4: // inserts text that parsers treat specially
      return Buffer.concat([before, Buffer.from(random.pick(specialTexts), 'latin1'), piece, after]);
    case 5: // removes the end
      return before.length === 0 ? bytes : Buffer.from(before);
    default: // moves a piece
      return Buffer.concat([after, piece, before]);
  }
};
