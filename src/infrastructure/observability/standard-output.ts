import { OutputFile } from './output-file.ts';

/** Bytes that wait for a reader at most; what comes beyond them is dropped. */
const maxWaitingBytes = 1_000_000;

/** How long after a full pipe the next attempt is made, in milliseconds. */
const retryMs = 10;

const newline = 0x0a;

/**
 * Standard output or standard error. Nothing waits for its reader: what cannot be written is dropped and counted, and
 * writing goes on as soon as it is possible again.
 */
export class StandardOutput {
  /** Lines that were dropped, completely or in part. */
  droppedLines = 0;
  readonly #file: OutputFile;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isBusy = false;
  /** The last byte that was written: after a line that was cut off, the next one begins on a line of its own. */
  #last = newline;
  /** Increases with every byte that is written or dropped. */
  #progress = 0;

  constructor(fd: number) {
    this.#file = new OutputFile(fd);
  }

  /** Whether everything has been written. */
  get isComplete(): boolean {
    return this.droppedLines === 0 && !this.#isBusy;
  }

  /** Writes complete lines. Never throws and never blocks. */
  write(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#waitingBytes + bytes.length > maxWaitingBytes) {
      this.droppedLines += linesIn(bytes);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#isBusy) this.#next();
  }

  /** Waits until everything is written; not for longer than `milliseconds` without a byte that the reader takes. */
  async flush(milliseconds: number): Promise<void> {
    let seen = this.#progress;
    let since = performance.now();
    while (this.#isBusy && performance.now() - since < milliseconds) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (this.#progress !== seen) [seen, since] = [this.#progress, performance.now()];
    }
  }

  #next(): void {
    this.#isBusy = this.#waiting.length > 0;
    if (!this.#isBusy) return;
    const endsCutLine = this.#last !== newline;
    if (endsCutLine) {
      this.#waiting.unshift(Buffer.of(newline));
      this.#waitingBytes += 1;
    }
    const chunk = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#send(chunk, endsCutLine);
  }

  /** `endsCutLine`: the first byte ends a line that was cut off, and is counted already. */
  #send(chunk: Buffer, endsCutLine: boolean): void {
    this.#file.write(chunk, (error, written) => {
      this.#progress += written;
      this.#waitingBytes -= written;
      if (written > 0) this.#last = chunk[written - 1] ?? newline;
      const rest = chunk.subarray(written);
      const stillEnds = endsCutLine && written === 0;
      if (error === null && rest.length === 0) this.#next();
      else if (error === null || error.code === 'EAGAIN') {
        // Does not keep the process alive: only `flush` waits.
        setTimeout(() => this.#send(rest, stillEnds), retryMs).unref();
      } else this.#drop(rest, stillEnds);
    });
  }

  #drop(rest: Buffer, endsCutLine: boolean): void {
    this.droppedLines += linesIn(rest) - (endsCutLine ? 1 : 0);
    this.#waitingBytes -= rest.length;
    this.#progress += rest.length;
    this.#next();
  }
}

const linesIn = (bytes: Buffer): number => {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines += 1;
  return lines;
};

export const standardOutput = new StandardOutput(1);
export const standardError = new StandardOutput(2);
