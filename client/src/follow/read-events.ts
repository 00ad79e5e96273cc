/** What one block of a stream contains; a comment alone gives an empty one. */
export interface StreamBlock {
  /** The id of the event; null where the block is no event. */
  readonly id: string | null;
  /** After how long to connect again, in milliseconds. */
  readonly retryMs: number | null;
}

/**
 * Reads a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), without their data,
 * which repeats the id. `EventSource` cannot send a token. `waits` is called before each wait for a piece, and `heard` when it arrives,
 * comments included: the time that the consumer takes is in between.
 */
export const readEvents = async function* (
  body: ReadableStream<Uint8Array>,
  waits: () => void,
  heard: () => void,
): AsyncGenerator<StreamBlock, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let id: string | null = null;
  let retryMs: number | null = null;
  try {
    for (;;) {
      waits();
      const { value, done } = await reader.read();
      if (done) return; // a block without its blank line is incomplete
      heard();
      // CRLF may be cut in two by the network: a CR at the end waits for what follows.
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, field = '', text = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        if (field === 'id') id = text;
        if (field === 'retry' && /^\d+$/.test(text)) retryMs = Number(text);
        if (line !== '') continue;
        yield { id, retryMs };
        [id, retryMs] = [null, null];
      }
    }
  } finally {
    // Also where the consumer stops early. The stream may be broken already; then there is nothing to close.
    await reader.cancel().catch(() => undefined);
  }
};
