import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Absolute paths of the programs of a rehearsal. */
export interface Programs {
  readonly etcd: string;
  readonly haproxy: string;
  readonly patroni: string;
  readonly patronictl: string;
  readonly pgbouncer: string;
  /** The folder of PostgreSQL's programs: `initdb`, `pg_basebackup`, `pg_rewind` and `postgres`. */
  readonly postgres: string;
}

/** Debian's package for each program. */
const packages = {
  etcd: 'etcd-server',
  haproxy: 'haproxy',
  patroni: 'patroni',
  patronictl: 'patroni',
  pgbouncer: 'pgbouncer',
  postgres: 'postgresql',
} as const satisfies Record<keyof Programs, string>;

/** The paths, or one line with the package to install for each missing program. */
export const findPrograms = (): Programs | readonly string[] => {
  const missing: string[] = [];
  const need = (name: keyof Programs, found: string | null): string => {
    if (found === null) missing.push(`${name} is missing: apt-get install ${packages[name]}`);
    return found ?? '';
  };
  const programs = {
    etcd: need('etcd', find('etcd')),
    haproxy: need('haproxy', find('haproxy')),
    patroni: need('patroni', find('patroni')),
    patronictl: need('patronictl', find('patronictl')),
    pgbouncer: need('pgbouncer', find('pgbouncer')),
    postgres: need('postgres', findPostgres()),
  };
  return missing.length === 0 ? programs : missing;
};

/** Searches also the sbin folders, which the PATH of an ordinary user lacks. */
const find = (name: string): string | null =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin']
    .map((folder) => join(folder, name))
    .find(isProgram) ?? null;

/** The newest version. Debian installs each version in its own folder, outside of the PATH. */
const findPostgres = (): string | null =>
  versions()
    .toSorted((one, other) => other - one)
    .map((version) => join(root, String(version), 'bin'))
    .find((folder) => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'pg_rewind'))) ?? null;

const root = '/usr/lib/postgresql';

const versions = (): number[] => {
  try {
    return readdirSync(root).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
