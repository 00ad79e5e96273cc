import type { DestinationStream } from 'pino';

/** Lines are kept back until there are so many characters of them … */
const enough = 16_000;
/** … or so many milliseconds have passed. */
const longest = 200;

/**
 * Writes lines some at a time: a system call for each would cost more than the line. pino's own destination can gather
 * too, but measures all that it has gathered again with every line.
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
  const timer = setInterval(flush, longest).unref();

  return {
    write: (line) => {
      lines.push(line);
      length += line.length;
      if (length >= enough) flush();
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      flush();
    },
  };
};
