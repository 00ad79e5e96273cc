import { closeSync, constants, fstatSync, openSync, write, writeSync } from 'node:fs';

/** Called with the bytes that were written; `EAGAIN`: the reader has no room for more. */
type Written = (error: NodeJS.ErrnoException | null, written: number) => void;

/**
 * Writes to a file descriptor without waiting for its reader. A write to a full pipe or a stopped terminal would wait in
 * the kernel: in the main thread nothing else would run, and with a thread that waits Node cannot exit
 * (https://github.com/libuv/libuv joins its threads). So pipes and terminals are opened again in non-blocking mode; the
 * descriptor itself stays as it is, because other processes share its mode.
 */
export class OutputFile {
  readonly #inherited: number;
  #kind: 'unknown' | 'nonBlocking' | 'inThread' = 'unknown';
  #fd: number;

  constructor(fd: number) {
    this.#inherited = fd;
    this.#fd = fd;
  }

  write(bytes: Buffer, written: Written): void {
    try {
      if (this.#kind === 'unknown') this.#open();
    } catch (error) {
      written(asErrno(error), 0); // a named pipe without a reader: the next write tries again
      return;
    }
    if (this.#kind === 'inThread')
      write(this.#fd, bytes, (error, count) => written(error, error ? 0 : count));
    else this.#writeNow(bytes, written);
  }

  #writeNow(bytes: Buffer, written: Written): void {
    let count: number;
    try {
      count = writeSync(this.#fd, bytes);
    } catch (error) {
      written(asErrno(error), 0);
      return;
    }
    written(null, count);
  }

  /** Throws `ENXIO` where the pipe has no reader. */
  #open(): void {
    const found = fstatSync(this.#inherited);
    if (found.isSocket()) {
      setNonBlocking(this.#inherited);
      this.#kind = 'nonBlocking';
      return;
    }
    this.#kind = 'inThread'; // a regular file: another position of its own would overwrite what is there
    if (!(found.isFIFO() || found.isCharacterDevice()) || process.platform !== 'linux') return;
    try {
      const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
      const fd = openSync(`/proc/self/fd/${this.#inherited}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
      const { dev, ino, rdev } = fstatSync(fd);
      if (rdev !== found.rdev || (found.isFIFO() && (dev !== found.dev || ino !== found.ino))) closeSync(fd);
      else [this.#fd, this.#kind] = [fd, 'nonBlocking'];
    } catch (error) {
      if (asErrno(error).code !== 'ENXIO') return; // such as EACCES for the terminal of another user
      this.#kind = 'unknown';
      throw error;
    }
  }
}

/** A socket cannot be opened again. Node's own stream for it makes it non-blocking, and stays unused. */
const setNonBlocking = (fd: number): void => {
  const stream = fd === 2 ? process.stderr : process.stdout;
  stream.on('error', () => undefined);
};

const asErrno = (error: unknown): NodeJS.ErrnoException =>
  error instanceof Error ? error : new Error(String(error));
