import { z } from 'zod';
import type { FaultClient } from './client.ts';
import { isCertain, type KnownTask, type Ledger } from './ledger.ts';
import { judge } from './verdict.ts';

export const task = z.object({
  id: z.string(),
  title: z.string(),
  revision: z.int(),
  completed: z.boolean(),
});

export type TaskJson = z.infer<typeof task>;

/** The user's counter in the entity tag of a list. */
export const listRevision = (headers: Readonly<Record<string, unknown>>): number =>
  Number(/^W\/"(\d+)-/.exec(String(headers['etag']))?.[1]);

/** Reads a task, or the newest of the list, and notes what is older than what was acknowledged before. */
export const readBack = async (
  client: FaultClient,
  port: number,
  ledger: Ledger,
  known: KnownTask | null,
): Promise<void> => {
  const { revision } = ledger;
  const heard = await client.ask(
    port,
    'GET',
    known === null ? '/api/tasks?limit=5' : `/api/tasks/${known.id}`,
  );
  ledger.reads += 1;
  const verdict = judge(ledger, 'a read', heard);
  if (verdict === 'missing' && known !== null) {
    // As it is known by now: it may have been deleted meanwhile.
    if (isCertain(known) || known.uncertain === 'change') ledger.stale += 1;
    return;
  }
  if (verdict !== 'good') {
    if (verdict === 'missing' || verdict === 'changed') ledger.wrong.push(`a read: ${heard.status}`);
    return;
  }
  const shown = known === null ? z.array(task).parse(heard.json) : [task.parse(heard.json)];
  // A list that lacks the last writes has an older counter, whichever tasks are on its first page.
  if (known === null && !(listRevision(heard.headers) >= revision)) ledger.stale += 1;
  else if (shown.some((one) => isOlder(one, ledger.tasks.get(one.id), revision))) ledger.stale += 1;
};

/** What changed after the read was sent, above this revision, may be shown or not. */
const isOlder = (shown: TaskJson, known: KnownTask | undefined, sentAt: number): boolean =>
  known !== undefined && known.revision <= sentAt && (known.isDeleted || shown.revision < known.revision);
