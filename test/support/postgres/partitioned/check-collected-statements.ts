import { connect, type Session } from '../sql.ts';
import { nodesOf, parsePlan, type Recorded } from '../explain.ts';
import { collectedStatements, type Collected } from './collected-statements.ts';
import { partitionedDatabase } from './partitioned-database.ts';

/** Throws where a statement of this run does not touch exactly one partition. */
export const checkCollectedStatements = async (): Promise<void> => {
  if (collectedStatements.size === 0) return;
  const found = await crossingStatements(collectedStatements);
  console.log(
    `Statements that were collected: ${collectedStatements.size}; not of one partition: ${found.length}`,
  );
  if (found.length > 0)
    throw new Error(`Statements that do not touch exactly one partition:\n${found.join('\n\n')}`);
};

/** The texts of the statements that do not touch exactly one partition: the same one of every table. */
export const crossingStatements = async (collected: Collected): Promise<string[]> => {
  // Without rows, no insert finds its key taken.
  const { url, drop } = await partitionedDatabase();
  try {
    await using session = await connect(url);
    await session.run('set plan_cache_mode = force_custom_plan');
    const found: string[] = [];
    for (const [text, { first, longest }] of collected)
      for (const statement of new Set([first, longest]))
        if ((await partitionsOf(session, statement)).size !== 1 && !found.includes(text)) found.push(text);
    return found;
  } finally {
    await drop();
  }
};

/**
 * The numbers of the partitions, of all tables, that the plan of a statement names or that are locked when it has run, by the
 * functions and triggers that it calls too.
 */
export const partitionsOf = async (
  session: Session,
  { text, values }: Recorded,
): Promise<ReadonlySet<string>> => {
  await session.run('begin');
  try {
    const [explained] = await session.run(`explain (analyze, format json) ${text}`, values);
    const locked = await session.run(`
      select relname as name from pg_locks join pg_class on pg_class.oid = relation
      where pid = pg_backend_pid() and relispartition and relkind = 'r'`);
    const names = [
      ...nodesOf(parsePlan(explained)).map((node) => node['Relation Name'] ?? ''),
      ...locked.map(({ name }) => String(name)),
    ];
    return new Set(names.flatMap((name) => /_p(\d+)$/.exec(name)?.[1] ?? []));
  } finally {
    await session.run('rollback');
  }
};
