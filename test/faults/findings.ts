import { z } from 'zod';
import { keptTitles } from './clients/ledger.ts';
import { listRevision, task, type TaskJson } from './clients/reads.ts';
import type { Writer } from './clients/writer.ts';

/** The stored tasks of a writer, compared with its ledger. */
export interface Findings {
  /** Acknowledged tasks that are stored. */
  readonly foundAgain: number;
  /** Acknowledged tasks that are not stored, and acknowledged writes without a revision. */
  readonly lost: number;
  /** Tasks that are stored more than once, and revisions that no request explains. */
  readonly doubled: number;
}

/** All tasks of the writer's user, page by page, and the user's counter. */
export const readAll = async (
  { client }: Pick<Writer, 'client'>,
  port: number,
): Promise<{ tasks: readonly TaskJson[]; revision: number }> => {
  const tasks: TaskJson[] = [];
  let revision = 0;
  for (let path: string | null = '/api/tasks?limit=500'; path !== null;) {
    const { status, headers, json } = await client.send(port, 'GET', path);
    if (status !== 200) throw new Error(`The list is ${status}`);
    tasks.push(...z.array(task).parse(json));
    revision = listRevision(headers);
    path = /^<([^>]+)>/.exec(String(headers['link']))?.[1] ?? null;
  }
  return { tasks, revision };
};

/** Reads the whole list and compares it with the ledger. */
export const findAgain = async (writer: Writer, port: number): Promise<Findings> => {
  const { ledger } = writer;
  const { tasks, revision } = await readAll(writer, port);
  const titles = new Map<string, number>();
  for (const { title } of tasks) titles.set(title, (titles.get(title) ?? 0) + 1);
  const kept = keptTitles(ledger);
  const foundAgain = kept.filter((title) => titles.has(title)).length;
  const notAcknowledged = ledger.sent - ledger.acknowledged;
  return {
    foundAgain,
    lost: kept.length - foundAgain + Math.max(0, ledger.acknowledged - revision),
    doubled:
      ledger.doubled +
      [...titles.values()].filter((count) => count > 1).length +
      Math.max(0, revision - ledger.acknowledged - notAcknowledged),
  };
};
