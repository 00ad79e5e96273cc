import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { faultClient, type FaultClient, type ClientResponse } from './client.ts';
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
  /** The pause after a write that was not acknowledged, in milliseconds. */
  readonly failurePauseMs: number;
}

type Kind = 'create' | 'complete' | 'change' | 'delete';

const kinds: readonly Kind[] = ['create', 'create', 'complete', 'change', 'create', 'delete'];

/** A user who sends one write after another, and reads after each write. */
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

  const send = async (
    n: number,
    ...request: [string, string, unknown?, string?]
  ): Promise<ClientResponse> => {
    ledger.sent += 1;
    const start = performance.now();
    const response = await client.send(portOf(n), ...request);
    ledger.slowestMs = Math.max(ledger.slowestMs, performance.now() - start);
    return response;
  };

  /** `isExpected`: an earlier write whose response was lost may be the reason for 404 or 412. */
  const note = (
    verdict: Verdict,
    { status }: ClientResponse,
    revision?: number,
    isExpected = false,
  ): void => {
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
    const response = await send(n, 'POST', '/api/tasks', { title });
    const verdict = judge(ledger, 'a creation', response);
    const created = verdict === 'good' ? task.parse(response.json) : null;
    note(verdict, response, created?.revision);
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
    const response =
      kind === 'complete'
        ? await send(n, 'PATCH', `${path}/complete`, {})
        : await send(n, 'PUT', path, { title: `${user} ${n}` }, `"${known.revision}"`);
    const verdict = judge(ledger, `a write (${kind})`, response);
    const changed = verdict === 'good' ? task.parse(response.json) : null;
    note(verdict, response, changed?.revision, verdict === 'changed' && !wasCertain);
    if (changed === null) return false;
    Object.assign(known, changed, { uncertain: null });
    return true;
  };

  const remove = async (n: number, known: KnownTask): Promise<boolean> => {
    const wasSent = known.uncertain === 'delete';
    known.uncertain = 'delete';
    const response = await send(n, 'DELETE', `/api/tasks/${known.id}`);
    const verdict = judge(ledger, 'a deletion', response);
    note(verdict, response, undefined, verdict === 'missing' && wasSent);
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
