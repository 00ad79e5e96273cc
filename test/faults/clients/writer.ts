import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { faultClient, type FaultClient, type Heard } from './client.ts';
import { createLedger, type KnownTask, type Ledger } from './ledger.ts';
import { readBack, task } from './reads.ts';
import { followRevisions } from './revisions.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Writer {
  readonly ledger: Ledger;
  readonly client: FaultClient;
  /** Resolves once the writer has stopped and its last request is answered. */
  readonly done: Promise<void>;
  stop(): void;
}

export interface WriterPace {
  /** The pause after a write that was acknowledged, in milliseconds. */
  readonly pauseMs: number;
  /** The pause after one that was not. */
  readonly failurePauseMs: number;
}

type Kind = 'create' | 'complete' | 'change' | 'delete';

const kinds: readonly Kind[] = ['create', 'create', 'complete', 'change', 'create', 'delete'];

/** A user who writes one thing after another, and reads after each write whether it is there. */
export const startWriter = async (
  ports: readonly number[],
  { pauseMs, failurePauseMs }: WriterPace = { pauseMs: 4, failurePauseMs: 25 },
): Promise<Writer> => {
  const user = `writer-${randomBytes(6).toString('hex')}`;
  const client = faultClient(await tokenFor(user));
  const ledger = createLedger(user);
  const trail = followRevisions(ledger);
  /** The tasks that are not known to be deleted, the oldest first. */
  const live: KnownTask[] = [];
  let isRunning = true;

  const portOf = (n: number): number => ports[n % ports.length] ?? 0;

  const send = async (n: number, ...request: [string, string, unknown?, string?]): Promise<Heard> => {
    ledger.sent += 1;
    const start = performance.now();
    const heard = await client.ask(portOf(n), ...request);
    ledger.slowestMs = Math.max(ledger.slowestMs, performance.now() - start);
    return heard;
  };

  /** `isExpected`: an earlier write of this client whose answer was lost may be the reason for 404 or 412. */
  const note = (verdict: Verdict, { status }: Heard, revision?: number, isExpected = false): void => {
    if (status === 0) ledger.unanswered += 1;
    if (verdict === 'good') {
      ledger.acknowledged += 1;
      ledger.acknowledgedAt.push(performance.now());
      trail.acknowledged(revision);
    } else if (verdict === 'refused' || verdict === 'unknown') {
      ledger[verdict] += 1;
      trail[verdict]();
    } else if (!isExpected) ledger.wrong.push(`a write: the task is ${verdict}`);
  };

  const create = async (n: number): Promise<boolean> => {
    const title = `${user} ${n}`;
    const heard = await send(n, 'POST', '/api/tasks', { title });
    const verdict = judge(ledger, 'a creation', heard);
    const created = verdict === 'good' ? task.parse(heard.json) : null;
    note(verdict, heard, created?.revision);
    if (verdict === 'refused') ledger.refusedTitles.add(title);
    if (created === null) return false;
    const known: KnownTask = { ...created, isDeleted: false, uncertain: null };
    ledger.tasks.set(known.id, known);
    live.push(known);
    return true;
  };

  const change = async (n: number, known: KnownTask, kind: 'complete' | 'change'): Promise<boolean> => {
    const wasCertain = known.uncertain === null;
    known.uncertain = 'change';
    const path = `/api/tasks/${known.id}`;
    const heard =
      kind === 'complete'
        ? await send(n, 'PATCH', `${path}/complete`, {})
        : await send(n, 'PUT', path, { title: `${user} ${n}` }, `"${known.revision}"`);
    const verdict = judge(ledger, `a write (${kind})`, heard);
    const changed = verdict === 'good' ? task.parse(heard.json) : null;
    note(verdict, heard, changed?.revision, verdict === 'changed' && !wasCertain);
    if (changed === null) return false;
    Object.assign(known, changed, { uncertain: null });
    return true;
  };

  const remove = async (n: number, known: KnownTask): Promise<boolean> => {
    const wasSent = known.uncertain === 'delete';
    known.uncertain = 'delete';
    const heard = await send(n, 'DELETE', `/api/tasks/${known.id}`);
    const verdict = judge(ledger, 'a deletion', heard);
    note(verdict, heard, undefined, verdict === 'missing' && wasSent);
    if (verdict !== 'good' && verdict !== 'missing') return false;
    if (verdict === 'good') known.revision = ledger.revision;
    known.isDeleted = true;
    known.uncertain = null;
    live.splice(live.indexOf(known), 1);
    return true;
  };

  const write = (n: number): Promise<boolean> => {
    const kind = kinds[n % kinds.length];
    const [oldest, latest] = [live[0], live.at(-1)];
    if (kind === 'delete' && live.length > 1 && oldest !== undefined) return remove(n, oldest);
    if ((kind === 'complete' || kind === 'change') && latest !== undefined) return change(n, latest, kind);
    return create(n);
  };

  const run = async (): Promise<void> => {
    for (let n = 0; isRunning; n += 1) {
      const wasWritten = await write(n);
      await readBack(client, portOf(n + 1), ledger, n % 2 === 0 ? (live.at(-1) ?? null) : null);
      await pause(wasWritten ? pauseMs : failurePauseMs);
    }
  };

  return {
    ledger,
    client,
    done: run(),
    stop: () => {
      isRunning = false;
    },
  };
};
