/** A server that speaks the protocol of PostgreSQL, as its `version()` describes it. */
export interface Engine {
  readonly kind: 'PostgreSQL' | 'YugabyteDB' | 'CockroachDB' | 'Redshift';
  /** The name with the version of its own; null for PostgreSQL. */
  readonly name: string | null;
  /** Why it cannot be used. */
  readonly refusal: string | null;
}

/** Recognises an engine by the text of `version()`. A service that is PostgreSQL with other storage counts as PostgreSQL. */
export const engineOf = (version: string): Engine => {
  const kind = kinds.find((one) => version.includes(marks[one]));
  if (kind === undefined) return { kind: 'PostgreSQL', name: null, refusal: null };
  const number = /\d[\d.]*/.exec(version.slice(version.indexOf(marks[kind])))?.[0] ?? '';
  const name = `${kind} ${number}`;
  return { kind, name, refusal: refusalOf(kind, name, number) };
};

/** The text before the version of an engine. */
const marks = { YugabyteDB: '-YB-', CockroachDB: 'CockroachDB', Redshift: 'Redshift' } as const;
const kinds = ['YugabyteDB', 'CockroachDB', 'Redshift'] as const;

const oldestYugabyte = 2025.1;

const refusalOf = (kind: (typeof kinds)[number], name: string, number: string): string | null => {
  switch (kind) {
    case 'YugabyteDB':
      return parseFloat(number) < oldestYugabyte
        ? `${name} is too old; it must be ${oldestYugabyte} or newer, which is based on PostgreSQL 15`
        : null;
    case 'CockroachDB':
      return `The database is ${name}, which cannot be used: the migrations need extensions and indexes of PostgreSQL that it lacks; see docs/scaling.md`;
    case 'Redshift':
      return `The database is ${name}, which cannot be used: it has no indexes and enforces no keys`;
  }
};

/** What an operator should set for this engine, or know of it. */
export const adviceFor = ({ kind, name }: Engine, hasCitus: boolean): readonly string[] => {
  if (kind === 'YugabyteDB')
    return [
      `${name ?? kind}: set DATABASE_BATCHING=false, and the flag yb_enable_read_committed_isolation of its tablet servers. The service was not tested on it, and its migrations need indexes that it lacks; see docs/scaling.md`,
    ];
  return hasCitus
    ? [
        'Citus is installed: tables that it does not distribute need nothing. The service was not tested on distributed ones; see docs/scaling.md',
      ]
    : [];
};
