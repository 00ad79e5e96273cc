import { rowsOf } from '../faults/processes/sql.ts';
import { readAll } from '../faults/findings.ts';
import type { Ledger } from '../faults/clients/ledger.ts';
import type { TaskJson } from '../faults/clients/reads.ts';
import type { Writer } from '../faults/clients/writer.ts';
import { isLost } from './is-lost.ts';

/** The writes of one user, compared with what the API and PostgreSQL return. */
export interface Audit {
  /** Descriptions of acknowledged writes that are missing. */
  readonly lost: readonly string[];
  /** Revisions that two tasks have, or that are above the user's counter. */
  readonly repeated: number;
  /** Creations that were refused, but are stored. */
  readonly doneThoughRefused: number;
}

/** Reads all tasks of the writer's user through the API and from PostgreSQL, and compares them with the ledger. */
export const audit = async (writer: Writer, port: number, databaseUrl: string): Promise<Audit> => {
  const { ledger } = writer;
  const shown = await readAll(writer, port);
  const stored = {
    tasks: (await rowsOf<StoredTask>(databaseUrl, tasksOf, [ledger.user])).map(toTask),
    revision: Number(
      (await rowsOf<{ revision: string }>(databaseUrl, counterOf, [ledger.user]))[0]?.revision,
    ),
  };
  const found = [
    { where: 'the API', ...shown },
    { where: 'PostgreSQL', ...stored },
  ];
  return {
    lost: found.flatMap(({ where, tasks, revision }) => lostIn(ledger, where, tasks, revision)),
    repeated:
      stored.tasks.length -
      new Set(stored.tasks.map(({ revision }) => revision)).size +
      stored.tasks.filter(({ revision }) => revision > stored.revision).length,
    doneThoughRefused: stored.tasks.filter(({ title }) => ledger.refusedTitles.has(title)).length,
  };
};

interface StoredTask extends Record<string, unknown> {
  readonly id: string;
  readonly title: string;
  readonly completed: boolean;
  /** node-postgres returns `bigint` as text. */
  readonly revision: string;
}

const tasksOf = 'select id, title, completed, revision from tasks where owner_id = $1';
const counterOf = 'select revision from owners where id = $1';

const toTask = ({ id, title, completed, revision }: StoredTask): TaskJson => ({
  id,
  title,
  completed,
  revision: Number(revision),
});

const lostIn = (
  ledger: Ledger,
  where: string,
  tasks: readonly TaskJson[],
  revision: number,
): readonly string[] => {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const lost = [...ledger.tasks.values()]
    .filter((known) => isLost(known, byId.get(known.id)))
    .map((known) => `${where}: ${JSON.stringify(known)} is ${JSON.stringify(byId.get(known.id) ?? null)}`);
  if (!(revision >= ledger.revision))
    lost.push(`${where}: the counter is ${revision}, after revision ${ledger.revision} was acknowledged`);
  return lost;
};
