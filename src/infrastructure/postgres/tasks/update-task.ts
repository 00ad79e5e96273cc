import { sql, type ValueExpression } from 'slonik';
import type { z } from 'zod';
import type {
  ChangeResult,
  ExpectedRevisions,
  TaskRepository,
} from '../../../application/ports/task-repository.ts';
import type { Owner } from '../../../domain/user.ts';
import type { Instant, TaskChange, TaskId } from '../../../domain/task.ts';
import { refuseUnstorable } from '../../../domain/text.ts';
import { columnOf, ownersOf } from './columns.ts';
import type { Database } from '../client/database.ts';
import { batchedWrite } from '../batching/batched-write.ts';
import { isExpected, retryLostRace, lockUser, lockUsers } from '../users/revision-counter.ts';
import { taskColumns, taskRow, toTask } from './task-row.ts';

/** The task as it was written, or else as it was found; `tried` without `written` is a lost race. */
const result = taskRow(
  (row): row is { written: boolean; tried: boolean } =>
    'written' in row && typeof row.written === 'boolean' && 'tried' in row && typeof row.tried === 'boolean',
);
const changed = taskRow(
  (row): row is { owner_id: string } => 'owner_id' in row && typeof row.owner_id === 'string',
);

interface Asked extends Values {
  readonly owner: Owner;
  readonly id: TaskId;
  readonly at: Instant;
  readonly expected: ExpectedRevisions | undefined;
}

/** Changes a task as it is when its turn comes, whatever it was when it was asked for. */
export const updateTask = (database: Database): TaskRepository['change'] => {
  const alone = (asked: Asked, since?: number): Promise<ChangeResult> => {
    const { owner, id, expected } = asked;
    const statement = database.statement('task-change', result)`
      WITH ${lockUser(owner, id, expected)}, written AS (
        UPDATE tasks AS task SET ${changes(asked)}
        FROM counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`task.revision`, expected)}
        RETURNING task.*
      )
      SELECT ${taskColumns}, task.written, EXISTS (SELECT FROM counter) AS tried
      FROM (
        SELECT *, true AS written FROM written
        UNION ALL
        SELECT *, false AS written FROM found WHERE NOT EXISTS (SELECT FROM written)
      ) AS task`;
    let waitingSince = since;
    return retryLostRace(async () => {
      const [row] = await database.write(statement, waitingSince);
      waitingSince = undefined; // a second look waits as long as a first one
      if (row === undefined) return { outcome: 'missing' };
      const task = toTask(owner.id, row);
      if (row.written) return { outcome: 'changed', task };
      return row.tried ? null : { outcome: 'mismatch', current: task };
    });
  };

  const together = (asked: readonly Asked[]) => database.statement('task-change-together', changed)`
    WITH free AS (
      SELECT asked.* FROM unnest(
        ${ownersOf(asked)},
        ${columnOf(asked, ({ id }) => id, 'uuid')},
        ${columnOf(asked, ({ at }) => at, 'timestamptz')},
        ${columnOf(asked, ({ title }) => title, 'text')},
        ${columnOf(asked, ({ describes }) => describes, 'bool')},
        ${columnOf(asked, ({ description }) => description, 'text')},
        ${columnOf(asked, ({ toggles }) => toggles, 'bool')},
        ${columnOf(asked, ({ completed }) => completed, 'bool')}
      ) AS asked (owner_id, email, display_name, id, at, title, describes, description, toggles, completed)
      JOIN owners ON owners.id = asked.owner_id
      JOIN tasks ON tasks.owner_id = asked.owner_id AND tasks.id = asked.id
      FOR NO KEY UPDATE OF owners, tasks SKIP LOCKED
    ), ${lockUsers}
    UPDATE tasks AS task SET ${changes(free)}
    FROM free JOIN counter USING (owner_id)
    WHERE task.owner_id = free.owner_id AND task.id = free.id
    RETURNING task.owner_id, ${taskColumns}`;

  const jointly = batchedWrite<Asked, z.infer<typeof changed>, ChangeResult>(database, {
    single: alone,
    batch: together,
    resultOf: (row, { owner }) => ({ outcome: 'changed', task: toTask(owner.id, row) }),
  });

  return async (owner, id, change, at, expected) => {
    refuseUnstorable(change.title, change.description);
    const asked = { owner: { ...owner }, id, at, expected, ...valuesOf(change) };
    return expected === undefined ? jointly(asked) : alone(asked);
  };
};

/** What a change comes to, in values that PostgreSQL has: null leaves things as they are, where nothing says otherwise. */
const valuesOf = ({ title, description, completed }: TaskChange) => ({
  title: title ?? null,
  describes: description !== undefined,
  description: description ?? null,
  toggles: completed === 'toggle',
  completed: typeof completed === 'boolean' ? completed : null,
});

type Values = ReturnType<typeof valuesOf>;

const free = {
  title: sql.fragment`free.title`,
  describes: sql.fragment`free.describes`,
  description: sql.fragment`free.description`,
  toggles: sql.fragment`free.toggles`,
  completed: sql.fragment`free.completed`,
  at: sql.fragment`free.at`,
};

const changes = (to: Record<keyof typeof free, ValueExpression>) => sql.fragment`
  title = coalesce(${to.title}, task.title),
  description = CASE WHEN ${to.describes}::boolean THEN ${to.description} ELSE task.description END,
  completed = CASE WHEN ${to.toggles}::boolean THEN NOT task.completed
    ELSE coalesce(${to.completed}::boolean, task.completed) END,
  updated_at = greatest(task.updated_at, ${to.at}::timestamptz),
  revision = counter.revision`;
