import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** The pieces of a JSON text, in their order. */
export type JsonPieces = AsyncGenerator<string, void>;

interface JsonStreamOptions {
  /** Limits the time of one piece; see `RequestDeadline.limit`. */
  readonly limit: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly failed: (error: unknown) => void;
}

/**
 * Sends the pieces, and ends the response. The next piece is made when the connection has taken the one before it. Where a
 * client leaves, no further one is made. After an error the connection is closed without the end of the body, so that a client
 * cannot take a part for the whole.
 */
export const sendPieces = async (
  response: ServerResponse,
  first: string,
  pieces: JsonPieces,
  { limit, failed }: JsonStreamOptions,
): Promise<void> => {
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    for (let text = first; !response.closed;) {
      if (!response.write(text)) await once(response, 'drain', { signal: left.signal });
      const next = await limit(() => pieces.next());
      if (next.done === true) {
        response.end();
        return;
      }
      text = next.value;
    }
  } catch (error) {
    if (response.closed) return;
    failed(error);
    response.destroy();
  } finally {
    await pieces.return();
  }
};
