import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Whether SIGHUP was ignored when this process was started, as `nohup` arranges it. Node resets ignored signals before
 * any script runs (https://github.com/nodejs/node, `PlatformInit`), and npm does so once more. On Linux the traces of it
 * are read instead; on other systems only the shell's `_`.
 */
export const isHangupIgnored = (): boolean =>
  /(?:^|\/)nohup$/.test(process.env['_'] ?? '') || isStdinOfNohup() || isIgnoredAbove();

/** GNU nohup replaces a terminal by `/dev/null` opened for writing. */
const isStdinOfNohup = (): boolean => {
  if (linkOf('/proc/self/fd/0') !== '/dev/null') return false;
  const [, flags = '0'] = /^flags:\s*([0-7]+)$/m.exec(textOf('/proc/self/fdinfo/0')) ?? [];
  return (Number.parseInt(flags, 8) & accessMode) === writeOnly;
};

const accessMode = 3;
const writeOnly = 1;

/**
 * Children inherit ignored signals. Between the shell of the user and this process there may be npm, also several times,
 * which is itself a Node, and its `sh`. What stands above the shell says nothing: the shell would have passed it on.
 */
const isIgnoredAbove = (): boolean => {
  let status = textOf('/proc/self/status');
  for (let level = 0; level <= 9; level += 1) {
    const [, ignored = '0'] = /^SigIgn:\s*([\da-f]+)$/m.exec(status) ?? [];
    if ((BigInt(`0x${ignored}`) & 1n) === 1n) return true; // SIGHUP is signal 1, the lowest bit
    const [, parent = '1'] = /^PPid:\s*(\d+)$/m.exec(status) ?? [];
    if (Number(parent) <= 1) return false;
    const next = textOf(`/proc/${parent}/status`);
    if (level > 0 && !isNpm(status) && !isNpm(next)) return false;
    status = next;
  }
  return false;
};

/** npm sets its title, such as `npm start`. */
const isNpm = (status: string): boolean => /^Name:\s*npm\b/m.test(status);

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // no Linux, or a process that has ended
  }
};

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};
