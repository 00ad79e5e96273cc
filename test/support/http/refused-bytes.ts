import type { ParserError } from '../../../src/interfaces/http/server/connection-errors.ts';

/** One packet with the errors that Node's parser reports for it. */
export interface RefusedBytes {
  readonly errors: readonly ParserError[];
}

const codes = ['HPE_INVALID_METHOD', 'HPE_HEADER_OVERFLOW', 'HPE_INVALID_HEADER_TOKEN'];

/** The parser errors for this packet, with parsing stopped at its start, in the middle and at its end. */
export const refusedBytes = (text: string): RefusedBytes => {
  const rawPacket = Buffer.from(text, 'latin1');
  const offsets = [0, Math.floor(rawPacket.length / 2), rawPacket.length];
  return {
    errors: codes.flatMap((code) =>
      offsets.map((bytesParsed) => Object.assign(new Error('Parse Error'), { code, rawPacket, bytesParsed })),
    ),
  };
};
