import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';

const maxMebibytes = 1;
const maxBytes = maxMebibytes * 1024 * 1024;

/** A file cannot be read. The message completes a sentence that begins with its name. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly isMissing: boolean;

  constructor(reason: string, isMissing = false) {
    super(reason);
    this.isMissing = isMissing;
  }
}

/**
 * Reads a small file that a person wrote. Never waits for a writer, as reading a named pipe would, which signals cannot
 * interrupt. Throws {@link UnreadableFileError} for anything but a regular file of at most 1 MiB.
 */
export const readRegularFile = (path: string): Buffer => {
  try {
    refuseOtherKinds(statSync(path)); // to open a device can change its state
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      refuseOtherKinds(fstatSync(file));
      return readAll(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UnreadableFileError(`cannot be read: ${code}`, code === 'ENOENT');
  }
};

const refuseOtherKinds = (found: Stats): void => {
  if (!found.isFile())
    throw new UnreadableFileError(
      `is ${found.isDirectory() ? 'a folder' : 'a pipe, socket or device'}, not a file`,
    );
};

/** The size of a file is only known when it has been read: it may grow, and files of /proc have none. */
const readAll = (file: number): Buffer => {
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (;;) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    length += count;
    if (length > maxBytes) throw new UnreadableFileError(`is larger than ${maxMebibytes} MiB`);
    if (count === 0) return Buffer.from(buffer.subarray(0, length));
  }
};
