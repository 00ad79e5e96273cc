import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { firstEditionStatements as statements } from '../../support/first-edition/statements.ts';

/** A statement that was answered. */
export interface Answered {
  readonly isWrite: boolean;
  /** In milliseconds, as by `performance.now()`. */
  readonly endedAt: number;
  readonly milliseconds: number;
}

/** One connection of the first edition, which sends one statement after another for one user. */
export interface FirstEdition {
  readonly user: string;
  readonly answered: readonly Answered[];
  readonly failures: readonly string[];
  /** The ids of the tasks that it wrote and did not delete, the oldest first. */
  readonly written: readonly string[];
  /** The next task of the user that it completes is this one. */
  completeNext(id: string): void;
  /** Resolves after the last statement, and closes the connection. */
  stop(): Promise<void>;
}

/** After six statements. Small enough for many statements behind a lock, large enough to leave processors to the service. */
const pauseMs = 25;

export const startFirstEdition = async (url: string, user: string): Promise<FirstEdition> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const answered: Answered[] = [];
  const failures: string[] = [];
  const written: string[] = [];
  const requested: string[] = [];
  const stopping = new AbortController();

  const run = async (name: keyof typeof statements, ...values: unknown[]): Promise<void> => {
    const startedAt = performance.now();
    try {
      const { rowCount } = await client.query({ name, text: statements[name], values: [user, ...values] });
      if (rowCount === 0) throw new Error('no row');
      const endedAt = performance.now();
      answered.push({ isWrite: name !== 'list', endedAt, milliseconds: endedAt - startedAt });
    } catch (error) {
      failures.push(`${name}: ${String(error)}`);
    }
  };
  const insert = async (): Promise<void> => {
    const id = randomUUID();
    await run('insert', id, 'Written by the first edition', null, new Date());
    written.push(id);
  };
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await insert();
      await run('list', 50);
      await insert();
      await run('complete', requested.shift() ?? written.at(-1), true, new Date());
      await run('list', 50);
      await run('delete', written.shift());
      await pause(pauseMs);
    }
  };
  const working = work();
  return {
    user,
    answered,
    failures,
    written,
    completeNext: (id) => void requested.push(id),
    stop: async () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await working;
      await client.end();
    },
  };
};
