import { chmod, readFile, stat } from 'node:fs/promises';
import { run, type Account, type CommandLine, type SystemUser } from './run-command.ts';

const unchanged = (program: string, args: readonly string[]): CommandLine => [program, args];

const ownAccount: Account = { owner: null, ids: {}, command: unchanged };

/**
 * Chooses the account that runs PostgreSQL: that of the service, or, because PostgreSQL refuses to run as root, for root
 * the owner of the cluster, otherwise `postgres` or `nobody`. On Linux that account gets the capability
 * CAP_DAC_READ_SEARCH, so that it can enter folders such as /root. Throws if no account can run PostgreSQL.
 */
export const chooseAccount = async (dataDir: string, cluster: string, program: string): Promise<Account> => {
  const uid = process.getuid?.();
  if (uid !== 0) {
    const foreign = (await stat(cluster).catch(() => null))?.uid;
    if (uid === undefined || foreign === undefined || foreign === uid) return ownAccount;
    throw new Error(
      `The database in ${cluster} belongs to another user (id ${foreign}), perhaps because the service ran as root before. ` +
        'Run the service as that user or as root, or with another DATA_DIR, or set DATABASE_URL.',
    );
  }
  const owner = (await ownerOf(cluster)) ?? (await unprivileged());
  if (owner === null)
    throw new Error(
      `PostgreSQL refuses to run as root, and this machine has no user "postgres" or "nobody". ${advice}`,
    );

  const withCapability: Account = { owner, ids: {}, command: throughSetpriv(owner) };
  if (await canRun(withCapability, program, dataDir)) return withCapability;

  // Without the capability, for instance in a container: works if the account may enter every parent folder.
  await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
  const withoutCapability: Account = { owner, ids: owner, command: unchanged };
  if (await canRun(withoutCapability, program, dataDir)) return withoutCapability;
  throw new Error(
    `PostgreSQL refuses to run as root, and the user it would run as (id ${owner.uid}) may not enter ${dataDir} ` +
      `or may not run ${program}. ${advice}`,
  );
};

const advice =
  'Run the service as an ordinary user, or move the project to a folder that all users may enter, or set DATABASE_URL.';

const ownerOf = async (folder: string): Promise<SystemUser | null> => {
  const found = await stat(folder).catch(() => null);
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
};

const unprivileged = async (): Promise<SystemUser | null> => {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of ['postgres', 'nobody']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
};

// PostgreSQL finds its programs by access(2), which ignores the capabilities of users other than root unless
// no_setuid_fixup is set. no_new_privs prevents any further privilege.
const throughSetpriv = ({ uid, gid }: SystemUser): Account['command'] => {
  const capabilities = ['--no-new-privs', '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
  const options = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    ...capabilities,
    '--securebits=+no_setuid_fixup',
  ];
  return (program, args) => ['setpriv', [...options, '--', program, ...args]];
};

const canRun = async (account: Account, program: string, folder: string): Promise<boolean> => {
  const script = 'test -e "$2/." && exec "$1" --version';
  return run({ account, folder: '/', command: ['sh', ['-c', script, 'sh', program, folder]] }).then(
    () => true,
    () => false,
  );
};
