import type { Random } from '../random.ts';

const interesting = [
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

/** The bytes with one to four small accidents. */
export const mutate = (bytes: Buffer, random: Random): Buffer => {
  let mutant = bytes;
  for (let times = 1 + random.below(4); times > 0; times -= 1) mutant = accident(mutant, random);
  return mutant;
};

const accident = (bytes: Buffer, random: Random): Buffer => {
  const at = random.below(bytes.length + 1);
  const upTo = Math.min(bytes.length, at + 1 + random.below(12));
  const [before, piece, behind] = [bytes.subarray(0, at), bytes.subarray(at, upTo), bytes.subarray(upTo)];
  switch (random.below(7)) {
    case 0: // a byte becomes another
      return Buffer.concat([
        before,
        Buffer.from([random.below(256)]),
        bytes.subarray(Math.min(at + 1, bytes.length)),
      ]);
    case 1: // a bit flips
      return Buffer.concat([before, Buffer.from(piece.map((byte) => byte ^ (1 << random.below(8)))), behind]);
    case 2: // a piece is lost
      return Buffer.concat([before, behind]);
    case 3: // a piece comes twice
      return Buffer.concat([before, piece, piece, behind]);
    case 4: // something that parsers look at closely comes in
      return Buffer.concat([before, Buffer.from(random.pick(interesting), 'latin1'), piece, behind]);
    case 5: // the end is lost
      return before.length === 0 ? bytes : Buffer.from(before);
    default: // a piece moves
      return Buffer.concat([behind, piece, before]);
  }
};
