import { chmod, readFile, stat } from 'node:fs/promises';
import { run, type Account, type CommandLine, type Owner } from './run-command.ts';

const asItIs = (program: string, args: readonly string[]): CommandLine => [program, args];

const ownAccount: Account = { owner: null, ids: {}, command: asItIs };

/**
 * PostgreSQL refuses to run as root, so root runs it as the cluster's owner, or else as `postgres` or `nobody`, whichever
 * exists first. The project may lie below a folder that account cannot enter (/root, a `mktemp -d`): on Linux it is
 * given one right of root's for that, to read and search, and none to write. Throws where no way is left.
 */
export const chooseAccount = async (dataDir: string, cluster: string, program: string): Promise<Account> => {
  const uid = process.getuid?.();
  if (uid !== 0) {
    const foreign = (await stat(cluster).catch(() => null))?.uid;
    if (uid === undefined || foreign === undefined || foreign === uid) return ownAccount;
    throw new Error(
      `The database in ${cluster} belongs to another user (id ${foreign}), perhaps since the service once ran as root. ` +
        'Run the service as that user or as root, or with another DATA_DIR, or set DATABASE_URL.',
    );
  }
  const owner = (await ownerOf(cluster)) ?? (await unprivileged());
  if (owner === null)
    throw new Error(`PostgreSQL refuses to run as root, and there is no other user here. ${advice}`);

  const reading: Account = { owner, ids: {}, command: throughSetpriv(owner) };
  if (await reaches(reading, program, dataDir)) return reading;

  // Without that right, for instance in a container: good enough where every folder above may be entered.
  await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
  const plain: Account = { owner, ids: owner, command: asItIs };
  if (await reaches(plain, program, dataDir)) return plain;
  throw new Error(
    `PostgreSQL refuses to run as root, and the user it would run as (id ${owner.uid}) may not enter ${dataDir} ` +
      `or may not run ${program}. ${advice}`,
  );
};

const advice =
  'Run the service as an ordinary user, or move the project to a folder that everybody may enter, or set DATABASE_URL.';

const ownerOf = async (folder: string): Promise<Owner | null> => {
  const found = await stat(folder).catch(() => null);
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
};

const unprivileged = async (): Promise<Owner | null> => {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of ['postgres', 'nobody']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
};

// PostgreSQL looks for its programs by access(2), which forgets capabilities of anybody but root unless
// no_setuid_fixup is set; no_new_privs makes sure that nothing can come of it.
const throughSetpriv = ({ uid, gid }: Owner): Account['command'] => {
  const rights = ['--no-new-privs', '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
  const options = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    ...rights,
    '--securebits=+no_setuid_fixup',
  ];
  return (program, args) => ['setpriv', [...options, '--', program, ...args]];
};

const reaches = async (account: Account, program: string, folder: string): Promise<boolean> => {
  const script = 'test -e "$2/." && exec "$1" --version';
  return run({ account, folder: '/', command: ['sh', ['-c', script, 'sh', program, folder]] }).then(
    () => true,
    () => false,
  );
};
