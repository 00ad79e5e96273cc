import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { tokenFor } from '../support/tokens.ts';
import { faultClient, type FaultClient, type Heard } from './client.ts';

/** What a writer did, and what it heard. */
export interface Ledger {
  /** Writes. */
  sent: number;
  acknowledged: number;
  /** Told to come back: 503 or 504, as problem+json with what belongs to it. */
  refused: number;
  /** Without any answer. */
  unanswered: number;
  /** Reads that showed a state from before an acknowledged write. */
  stale: number;
  /** Acknowledged writes of the owner that took more than one revision. */
  doubled: number;
  /** Answers that nobody should ever hear, in words. */
  readonly wrong: string[];
  /** When writes were acknowledged, in milliseconds of the performance clock. */
  readonly acknowledgedAt: number[];
  slowestMs: number;
  /** The titles of the tasks whose creation was acknowledged. */
  readonly kept: Set<string>;
}

export interface Writer {
  readonly ledger: Ledger;
  readonly client: FaultClient;
  /** Writes until it is told to stop. */
  readonly done: Promise<void>;
  stop(): void;
}

const task = z.object({ id: z.string(), title: z.string(), revision: z.int(), completed: z.boolean() });
const problem = z.object({
  code: z.enum(['outcome_unknown', 'overloaded', 'timeout', 'unavailable']),
  status: z.int(),
});

/** A user who writes one thing after another, and looks now and then whether what was written is there. */
export const startWriter = async (ports: readonly number[]): Promise<Writer> => {
  const user = `writer-${randomBytes(6).toString('hex')}`;
  const client = faultClient(await tokenFor(user));
  const ledger: Ledger = {
    sent: 0,
    acknowledged: 0,
    refused: 0,
    unanswered: 0,
    stale: 0,
    doubled: 0,
    wrong: [],
    acknowledgedAt: [],
    slowestMs: 0,
    kept: new Set(),
  };
  let isRunning = true;
  let known: z.infer<typeof task> | null = null;
  /** Whether every write so far has been acknowledged since the last known one. */
  let isCertain = true;

  const portOf = (n: number): number => ports[n % ports.length] ?? 0;

  const ask = async (n: number, method: string, path: string, json?: unknown): Promise<Heard> => {
    const start = performance.now();
    const heard = await client.ask(portOf(n), method, path, json);
    ledger.slowestMs = Math.max(ledger.slowestMs, performance.now() - start);
    return heard;
  };

  const judge = (what: string, { status, headers, json }: Heard): 'good' | 'refused' | 'unanswered' => {
    if (status === 0) return 'unanswered';
    if (status < 300) return 'good';
    const isPolite =
      problem.safeParse(json).success && (status === 504 || headers['retry-after'] !== undefined);
    if (!isPolite || (status !== 503 && status !== 504))
      ledger.wrong.push(`${what}: ${status} ${JSON.stringify(json)}`);
    return 'refused';
  };

  const write = async (n: number): Promise<boolean> => {
    const title = `${user} ${n}`;
    const changed = n % 3 === 2 ? known : null;
    ledger.sent += 1;
    const heard =
      changed === null
        ? await ask(n, 'POST', '/api/tasks', { title })
        : await ask(n, 'PATCH', `/api/tasks/${changed.id}/complete`, {});
    const verdict = judge('a write', heard);
    if (verdict !== 'good') {
      ledger[verdict] += 1;
      isCertain = false;
      return false;
    }
    const written = task.parse(heard.json);
    ledger.acknowledged += 1;
    ledger.acknowledgedAt.push(performance.now());
    if (changed === null) ledger.kept.add(title);
    if (isCertain && written.revision !== (known?.revision ?? 0) + 1) ledger.doubled += 1;
    isCertain = true;
    known = written;
    return true;
  };

  const look = async (n: number): Promise<void> => {
    if (known === null) return;
    const expected = known;
    const byId = n % 2 === 0;
    const heard = await ask(n + 1, 'GET', byId ? `/api/tasks/${expected.id}` : '/api/tasks?limit=5');
    if (judge('a read', heard) !== 'good') return;
    const found = byId
      ? task.parse(heard.json)
      : z
          .array(task)
          .parse(heard.json)
          .find(({ id }) => id === expected.id);
    // A list of the newest five may lack an old task that was changed last.
    if (found !== undefined && found.revision < expected.revision) ledger.stale += 1;
  };

  const run = async (): Promise<void> => {
    for (let n = 0; isRunning; n += 1) {
      const wasWritten = await write(n);
      await look(n);
      await pause(wasWritten ? 4 : 25);
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
