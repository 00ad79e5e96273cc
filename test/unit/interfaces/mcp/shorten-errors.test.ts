import { expect } from 'chai';
import { z } from 'zod';
import { maxErrorLength, shortenErrors } from '../../../../src/interfaces/mcp/shorten-errors.ts';

const errorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** A JSON-RPC response with this error. */
const responseWith = (error: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32_602, ...error } });
const messageOf = (response: string): string => errorBody.parse(JSON.parse(response)).error.message;

describe('shortenErrors', () => {
  it('given a message of the maximum or less in a long response: unchanged', () => {
    for (const message of ['short', 'x'.repeat(maxErrorLength)]) {
      const response = responseWith({ message, data: 'y'.repeat(maxErrorLength) });
      expect(shortenErrors(response)).to.equal(response);
    }
  });

  it('given a longer message: its beginning, and an ellipsis', () => {
    const response = responseWith({ message: 'x'.repeat(maxErrorLength + 1) });
    expect(messageOf(shortenErrors(response))).to.equal(`${'x'.repeat(maxErrorLength)}…`);
  });

  it('given a longer message with an emoji at the maximum: well-formed, without half of the emoji', () => {
    const beginning = 'x'.repeat(maxErrorLength - 1);
    const message = messageOf(shortenErrors(responseWith({ message: `${beginning}\u{1f95b}${beginning}` })));
    expect(message).to.equal(`${beginning}…`);
  });

  it('given server-sent events: only the lines of long errors are cut', () => {
    const event = `event: message\ndata: ${responseWith({ message: 'x'.repeat(3_000) })}\n\n`;
    const [first, second = '', ...rest] = shortenErrors(event).split('\n');
    expect([first, rest]).to.deep.equal(['event: message', ['', '']]);
    expect(messageOf(second.slice('data: '.length))).to.have.length(maxErrorLength + 1);
  });
});
