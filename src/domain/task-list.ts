import { everyTask, type TaskFilter } from './task-filter.ts';
import { newestFirst, type TaskOrder } from './task-order.ts';

/** The tasks of a list, and their order. */
export interface TaskSelection {
  readonly filter: TaskFilter;
  readonly order: TaskOrder;
  /** Equal selections have equal keys, and others have other keys. ASCII without spaces; `status` alone where that is all. */
  readonly key: string;
}

/** Completes a selection; without arguments, all tasks, newest first. The order of `priorities` and `tags` does not matter. */
export const taskSelection = (
  { priorities, tags, ...conditions }: Partial<TaskFilter> = {},
  order: TaskOrder = newestFirst,
): TaskSelection => {
  const filter = {
    ...everyTask,
    ...conditions,
    priorities: distinct(priorities),
    tags: distinct(tags),
  };
  return { filter, order, key: keyOf(filter, order) };
};

/** True where a list is ordered as lists are by default, and has no condition but `status`. */
export const isPlain = ({ key, filter }: TaskSelection): boolean => key === filter.status;

const distinct = <Value extends string>(
  values: readonly Value[] | null | undefined,
): readonly Value[] | null => (values === null || values === undefined ? null : [...new Set(values)].sort());

/** Percent-encoding keeps the separators out of the values. */
const keyOf = (
  { status, priorities, tag, tags, dueFrom, dueBefore, search }: TaskFilter,
  { by, direction }: TaskOrder,
): string => {
  const parts = {
    priorities: priorities?.join(),
    tag: encoded(tag),
    tags: tags?.map(encodeURIComponent).join(),
    from: dueFrom,
    before: dueBefore,
    search: encoded(search),
    by: by === newestFirst.by && direction === newestFirst.direction ? null : `${by}-${direction}`,
  };
  return Object.entries(parts).reduce<string>(
    (key, [name, value]) => (value === null || value === undefined ? key : `${key}&${name}=${value}`),
    status,
  );
};

const encoded = (text: string | null): string | null => (text === null ? null : encodeURIComponent(text));
