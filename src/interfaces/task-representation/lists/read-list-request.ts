import { z } from 'zod';
import type { TaskQuery } from '../../../application/ports/task-repository.ts';
import type { FieldProblem } from '../../../domain/errors.ts';
import type { TaskFilter } from '../../../domain/task-filter.ts';
import { taskSelection, type TaskSelection } from '../../../domain/task-list.ts';
import { defaultDirections, newestFirst } from '../../../domain/task-order.ts';
import { InvalidInput } from '../invalid-input.ts';
import { decodeCursor, isCursor } from './cursor.ts';
import { aliases, listParameters as parameters, maxLimit, type ListParameter } from './list-parameters.ts';
import { queryReader, type QueryReader } from './query-reader.ts';

/** How a client moves through a list; links to other pages do the same. */
export type Paging = 'cursor' | 'offset' | 'page';

/** A list as a client requests it. */
export interface ListRequest {
  readonly query: TaskQuery;
  readonly paging: Paging;
  /** The parameters of the request, by their first names and percent-encoded, without those of {@link Paging}. */
  readonly parameters: string;
}

const readerOf = queryReader<ListParameter>(aliases);

const allTasks: ListRequest = {
  query: { selection: taskSelection(), limit: maxLimit, after: null, offset: 0, count: false },
  paging: 'cursor',
  parameters: `status=all&limit=${maxLimit}`,
};

/**
 * Throws {@link InvalidInput}: `invalid_query`, or `invalid_cursor` where the cursor alone is wrong; with all problems at once,
 * those that are `known` already among them.
 */
export const readListRequest = (
  search: URLSearchParams,
  known: readonly FieldProblem[] = [],
): ListRequest => {
  if (search.size === 0 && known.length === 0) return allTasks;
  const reader = readerOf(search);
  const { read, problems } = reader;
  problems.push(...known);

  const selection = readSelection(reader);
  const isSelected = problems.length === 0;
  const limit = read('limit', parameters.limit) ?? maxLimit;
  const count = read('count', parameters.count) ?? false;
  const cursor = read('cursor', parameters.cursor);
  const offset = read('offset', parameters.offset);
  const page = read('page', parameters.page);
  reader.exclude('cursor', 'offset', 'page');

  const after = cursor === undefined ? null : decodeCursor(selection, cursor);
  // A cursor cannot be compared with a filter or an order that is not valid.
  const hasBadCursor = cursor !== undefined && (isSelected ? after === null : !isCursor(cursor));
  const code = hasBadCursor && problems.length === 0 ? 'invalid_cursor' : 'invalid_query';
  if (hasBadCursor) problems.push({ field: 'cursor', message: 'is not one of this list' });
  if (problems.length > 0) throw new InvalidInput(code, problems);

  return {
    query: {
      selection,
      limit,
      after,
      offset: page === undefined ? (offset ?? 0) : (page - 1) * limit,
      count,
    },
    paging: page !== undefined ? 'page' : offset !== undefined ? 'offset' : 'cursor',
    parameters: repeated(reader, selection, limit),
  };
};

const readSelection = ({ read, problems }: QueryReader<ListParameter>): TaskSelection => {
  const status = read('status', parameters.status) ?? 'all';
  const completed = read('completed', parameters.completed);
  const byFlag = completed === undefined ? 'all' : completed ? 'completed' : 'pending';
  if (status !== 'all' && byFlag !== 'all' && status !== byFlag)
    problems.push({ field: 'completed', message: 'contradicts status' });
  const filter: TaskFilter = {
    status: status === 'all' ? byFlag : status,
    priorities: read('priority', parameters.priority) ?? null,
    tag: read('tag', parameters.tag) ?? null,
    tags: read('tags', parameters.tags) ?? null,
    dueFrom: read('due_after', parameters.due_after) ?? null,
    dueBefore: read('due_before', parameters.due_before) ?? null,
    search: read('search', parameters.search) ?? null,
  };
  const by = read('sort_by', parameters.sort_by) ?? newestFirst.by;
  const direction = read('sort_order', parameters.sort_order) ?? defaultDirections[by];
  return taskSelection(filter, { by, direction });
};

/** Links write these themselves, `status` for `completed` too, and repeat all others as they were given. */
const writtenByLinks: ReadonlySet<ListParameter> = new Set<ListParameter>([
  'status',
  'completed',
  'limit',
  'cursor',
  'offset',
  'page',
]);
const asGiven = z
  .object(parameters)
  .keyof()
  .options.filter((name) => !writtenByLinks.has(name));

const repeated = ({ textOf }: QueryReader<ListParameter>, { filter }: TaskSelection, limit: number): string =>
  asGiven.reduce((query, name) => {
    const text = textOf(name);
    return text === undefined ? query : `${query}&${name}=${encodeURIComponent(text)}`;
  }, `status=${filter.status}&limit=${limit}`);
