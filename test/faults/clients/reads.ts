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

/** Reads a task, or the newest page, and counts it as stale if it is older than the acknowledged writes. */
export const readBack = async (
  client: FaultClient,
  port: number,
  ledger: Ledger,
  known: KnownTask | null,
): Promise<void> => {
  const { revision } = ledger;
  const response = await client.send(
    port,
    'GET',
    known === null ? '/api/tasks?limit=5' : `/api/tasks/${known.id}`,
  );
  ledger.reads += 1;
  const verdict = judge(ledger, 'a read', response);
  if (verdict === 'missing' && known !== null) {
    // The task may have been deleted after the read was sent.
    if (isCertain(known) || known.uncertain === 'change') ledger.stale += 1;
    return;
  }
  if (verdict !== 'good') {
    if (verdict === 'missing' || verdict === 'changed') ledger.wrong.push(`a read: ${response.status}`);
    return;
  }
  const shown = known === null ? z.array(task).parse(response.json) : [task.parse(response.json)];
  // A list that misses the last writes has an older counter, whichever tasks are on its first page.
  if (known === null && !(listRevision(response.headers) >= revision)) ledger.stale += 1;
  else if (shown.some((one) => isOlder(one, ledger.tasks.get(one.id), revision))) ledger.stale += 1;
};

/** Changes after the read was sent, above the revision `sentAt`, do not count. */
const isOlder = (shown: TaskJson, known: KnownTask | undefined, sentAt: number): boolean =>
  known !== undefined && known.revision <= sentAt && (known.isDeleted || shown.revision < known.revision);
