import { readFile } from 'node:fs/promises';

/** The ids of a user and of its group. */
export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * For programs that refuse to run as root: the first of these users that exists, else Debian's ids of `nobody`. Null if
 * the tests do not run as root: then programs run as the user of the tests.
 */
export const unprivilegedAccount = async (
  ...names: readonly [string, ...string[]]
): Promise<SystemAccount | null> => {
  if (process.getuid?.() !== 0) return null;
  const users = await readFile('/etc/passwd', 'utf8');
  for (const name of names) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
};
