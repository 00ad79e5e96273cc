/**
 * PostgreSQL cannot use the folder of its data, and a restart does not help. The message names what is wrong and what to do; it
 * never advises to remove a folder, which may have all tasks.
 */
export class UnusableClusterError extends Error {
  override readonly name = 'UnusableClusterError';

  constructor(problem: string, remedy: string) {
    super(`${problem.replace(/\.$/, '')}. ${remedy}`);
  }
}

type Remedy = (cluster: string) => string;

/** What to do where files of the cluster are lost or damaged. */
export const restoreBackup: Remedy = (cluster) =>
  `Restore ${cluster} from a backup, or move it elsewhere: the next start then creates an empty database.`;

const keep: Remedy = (cluster) =>
  `${cluster} has the tasks: keep it, copy it before you change anything, and read the log.`;

// In this order: a file that may not be read is no missing file.
const remedies: readonly (readonly [reason: RegExp, remedy: Remedy])[] = [
  // Not semaphores or shared memory, for which the system gives the same error.
  [
    /(?:file|directory) .*No space left on device/,
    (cluster) => `Free space on the disk of ${cluster}, which has the tasks.`,
  ],
  [
    /(?:file|directory) .*Permission denied|ownership/,
    (cluster) => `Make the user that runs PostgreSQL the owner of ${cluster}.`,
  ],
  [
    /initialized by PostgreSQL version/,
    (cluster) =>
      `${cluster} has the tasks: start it with the release of Taskhold that created it, and save them by pg_dump. Then ` +
      'start this one with another DATA_DIR, and restore them.',
  ],
  [
    /\.conf\b|parameter "|memory/,
    (cluster) => `${cluster} has the tasks: keep it, and correct what the message names.`,
  ],
  [/checkpoint record|control file|required WAL directory|not a valid data directory/, restoreBackup],
  [/relation mapping file|invalid page/, restoreBackup],
  [/"\/?(?:base|global|pg_\w+)(?:\/[^"]*)?": (?:No such file|read \d)/, restoreBackup],
];

/** What to do about the reason for which a server did not start. */
export const remedyFor = (reason: string, cluster: string): string => {
  // The path may contain any word.
  const text = reason.replaceAll(cluster, '');
  const [, remedy = keep] = remedies.find(([pattern]) => pattern.test(text)) ?? [];
  return remedy(cluster);
};

/**
 * Why a server did not start, in one line: the last message in its log that ended a process, with its detail, or what it
 * printed before the log began. Refused connections do not count, such as those of the service itself. Null: no reason.
 */
export const reasonInLog = (log: string): string | null => {
  const fatal = /(?:FATAL|PANIC): +(?! |the database system is )(.+)(?:\n.* DETAIL: +(.+))?/g;
  const [, message, detail] = [...log.matchAll(fatal)].at(-1) ?? [];
  if (message !== undefined) return detail === undefined ? message : `${message}. ${detail}`;
  const [, printed] = /^postgres: (.+(?:\n.+){0,2})/m.exec(log) ?? [];
  return printed?.replace(/\s+/g, ' ') ?? null;
};
