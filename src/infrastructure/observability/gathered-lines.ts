import type { DestinationStream } from 'pino';

/** Lines are written once they have this many characters together, … */
const flushCharacters = 16_000;
/** … and at this interval at the latest. */
const flushMs = 200;

/**
 * Buffers lines and writes several by one system call, which costs more than a line. The buffer of pino's own destination
 * is slower: it measures the whole buffer again for every line.
 */
export const gathered = (write: (text: string) => unknown): DestinationStream & Disposable => {
  let lines: string[] = [];
  let length = 0;

  const flush = (): void => {
    if (length === 0) return;
    const text = lines.join('');
    lines = [];
    length = 0;
    write(text);
  };
  const timer = setInterval(flush, flushMs).unref();

  return {
    write: (line) => {
      lines.push(line);
      length += line.length;
      if (length >= flushCharacters) flush();
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      flush();
    },
  };
};
