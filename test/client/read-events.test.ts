import { expect } from 'chai';
import fc from 'fast-check';
import { readEvents, type StreamBlock } from '../../client/src/follow/read-events.ts';

/** The blocks of a stream that arrives in these pieces, and how many pieces were heard. */
const read = async (pieces: readonly Uint8Array[]): Promise<{ blocks: StreamBlock[]; heard: number }> => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  let heard = 0;
  const blocks: StreamBlock[] = [];
  for await (const block of readEvents(
    body,
    () => undefined,
    () => (heard += 1),
  ))
    blocks.push(block);
  return { blocks, heard };
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the stream of events that the client reads', () => {
  it('given events, comments and retry: their ids and times', async () => {
    const text = 'retry: 1500\n\nevent: revision\nid: 57\ndata: {"revision":57}\n\n:\n\nid:58\n\n';
    expect(await read([bytes(text)])).to.deep.equal({
      blocks: [
        { id: null, retryMs: 1500 },
        { id: '57', retryMs: null },
        { id: null, retryMs: null },
        { id: '58', retryMs: null },
      ],
      heard: 1,
    });
  });

  it('given other fields, a retry that is no number, and a block without an end: ignored', async () => {
    const text = 'ident: 1\nretry: 1s\nretry\nid\n\nid: 9\n';
    expect((await read([bytes(text)])).blocks).to.deep.equal([{ id: '', retryMs: null }]);
  });

  it('given the same bytes in other pieces, and other line ends: the same blocks', async () => {
    const lines = ['retry: 20', '', ':', '', 'id: 1', 'data: ü', '', 'id: 22', '', ''];
    const expected = (await read([bytes(lines.join('\n'))])).blocks;
    expect(expected).to.have.length(4);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 60, maxLength: 60 }),
        async (lineEnd, sizes) => {
          let rest = bytes(lines.join(lineEnd) + (lineEnd === '\r' ? ':' : ''));
          const pieces = sizes.map((size) => {
            const piece = rest.subarray(0, size);
            rest = rest.subarray(size);
            return piece;
          });
          const { blocks, heard } = await read([...pieces, rest]);
          expect(blocks).to.deep.equal(expected);
          expect(heard).to.equal(61);
        },
      ),
    );
  });

  it('given a consumer that stops: the stream is canceled', async () => {
    let isCanceled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes('id: 1\n\nid: 2\n\n')),
      cancel: () => {
        isCanceled = true;
      },
    });
    for await (const { id } of readEvents(
      body,
      () => undefined,
      () => undefined,
    )) {
      expect(id).to.equal('1');
      break;
    }
    expect(isCanceled).to.equal(true);
  });
});
