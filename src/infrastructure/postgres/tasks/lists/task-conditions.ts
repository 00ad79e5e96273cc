import { sql } from 'slonik';
import type { TaskFilter } from '../../../../domain/task-filter.ts';
import { maxTags, type Tag } from '../../../../domain/tags.ts';
import type { Priority } from '../../../../domain/task.ts';
import { columns, type Fragment } from '../columns.ts';

/** What a row of `tasks` has to meet besides its owner; `true` where there is no condition. */
export const meets = (filter: TaskFilter): Fragment => {
  const conditions: readonly Fragment[] = [
    conditionOnStatus[filter.status],
    filter.priorities && sql.fragment`priority = ANY(${ranks(filter.priorities)})`,
    filter.tag && sql.fragment`tags @> ${textArray([filter.tag])}`,
    filter.tags && hasOneOf(filter.tags),
    filter.dueFrom && sql.fragment`${due} >= ${filter.dueFrom}`,
    filter.dueBefore && sql.fragment`${due} < ${filter.dueBefore}`,
    filter.search && contains(filter.search),
  ].filter((condition) => condition !== null);
  return conditions.length === 0
    ? sql.fragment`true`
    : sql.fragment`${sql.join(conditions, sql.fragment` AND `)}`;
};

const conditionOnStatus = {
  all: null,
  pending: sql.fragment`completed = false`,
  completed: sql.fragment`completed = true`,
} as const satisfies Record<TaskFilter['status'], Fragment | null>;

const ranks = (priorities: readonly Priority[]) =>
  sql.array(priorities.map(columns.priority.toParameter), columns.priority.type);

const textArray = (tags: readonly Tag[]): Fragment => sql.fragment`${columns.tags.toParameter(tags)}::text[]`;

/**
 * The operator `&&` can use an index, and compares each tag of a task with each of these. With many of them, PostgreSQL makes a
 * hash table of the constants of `= ANY`.
 */
const hasOneOf = (tags: readonly Tag[]): Fragment =>
  tags.length <= maxTags
    ? sql.fragment`tags && ${textArray(tags)}`
    : sql.fragment`EXISTS (SELECT FROM unnest(tags) AS tag WHERE tag = ANY (${textArray(tags)}))`;

/** The instant for which a due date stands, as a text whose order is that of time. */
export const due = sql.fragment`rpad(due_date, 24, 'T00:00:00.000Z')`;

const contains = (text: string): Fragment => {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql.fragment`(title_folded LIKE ${pattern} OR description_folded LIKE ${pattern})`;
};
