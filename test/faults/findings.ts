import { z } from 'zod';
import type { Writer } from './writer.ts';

/** What is there of a writer's tasks in the end. */
export interface Findings {
  /** Acknowledged tasks that are there. */
  readonly foundAgain: number;
  /** Acknowledged tasks that are not, and acknowledged writes that took no revision. */
  readonly lost: number;
  /** Tasks that are there more than once, and revisions that nobody asked for. */
  readonly doubled: number;
}

const tasks = z.array(z.object({ title: z.string() }));

/** Reads the whole list, page by page, and counts. */
export const findAgain = async ({ ledger, client }: Writer, port: number): Promise<Findings> => {
  const titles = new Map<string, number>();
  let revision = 0;
  for (let path: string | null = '/api/tasks?limit=500'; path !== null;) {
    const { status, headers, json } = await client.ask(port, 'GET', path);
    if (status !== 200) throw new Error(`The list is ${status}`);
    for (const { title } of tasks.parse(json)) titles.set(title, (titles.get(title) ?? 0) + 1);
    revision = Number(/^W\/"(\d+)-/.exec(String(headers['etag']))?.[1]);
    path = /^<([^>]+)>/.exec(String(headers['link']))?.[1] ?? null;
  }
  const foundAgain = [...ledger.kept].filter((title) => titles.has(title)).length;
  const unknown = ledger.sent - ledger.acknowledged;
  return {
    foundAgain,
    lost: ledger.kept.size - foundAgain + Math.max(0, ledger.acknowledged - revision),
    doubled:
      ledger.doubled +
      [...titles.values()].filter((count) => count > 1).length +
      Math.max(0, revision - ledger.acknowledged - unknown),
  };
};
