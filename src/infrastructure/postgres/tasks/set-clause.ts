import { sql } from 'slonik';
import type { Instant } from '../../../domain/instant.ts';
import type { TaskChange, TaskFields } from '../../../domain/task.ts';
import { parameterColumn } from './batch-parameters.ts';
import {
  columnName,
  columns,
  comma,
  fields,
  parameter,
  parameterOf,
  stored,
  type Fragment,
} from './columns.ts';

/** The values of a change: a `completed` of null is toggled. */
type Values = { readonly [Field in keyof TaskFields]?: TaskFields[Field] | null };

const valuesOf = ({ completed, ...values }: TaskChange): Values =>
  completed === undefined ? values : { ...values, completed: completed === 'toggle' ? null : completed };

/** Where the value of a field is, and whether the change has one. */
interface Source {
  readonly isSet: Fragment;
  readonly value: Fragment;
}

const assign = (sourceOf: (field: keyof TaskFields) => Source, at: Fragment): Fragment => sql.fragment`
  ${sql.join(
    fields.map((field) => {
      const { isSet, value } = sourceOf(field);
      const column = columnName(field);
      const assigned = columns[field].assign?.(value) ?? stored(value, field);
      return sql.fragment`${column} = CASE WHEN ${isSet} THEN ${assigned} ELSE task.${column} END`;
    }),
    comma,
  )},
  updated_at = greatest(task.updated_at, ${at}),
  revision = counter.revision`;

/** What an update sets, with the values of one change as parameters. */
export const assignChange = (change: TaskChange, at: Instant): Fragment => {
  const values = valuesOf(change);
  return assign(
    (field) => ({
      isSet: sql.fragment`${values[field] !== undefined}::bool`,
      value: parameter(parameterOf(values, field), columns[field].type),
    }),
    parameter(at, columns.updatedAt.type),
  );
};

const valueColumn = (field: keyof TaskFields) => sql.identifier([`new_${columns[field].name}`]);
const flagColumn = (field: keyof TaskFields) => sql.identifier([`sets_${columns[field].name}`]);

/** The names of {@link batchParameters}. */
export const batchNames = sql.join(
  fields.flatMap((field) => [flagColumn(field), valueColumn(field)]),
  comma,
);

/** The changes of a batch, as parameters to `unnest`: for each field a flag and a value. */
export const batchParameters = (updates: readonly { readonly change: TaskChange }[]) => {
  const changes = updates.map(({ change }) => valuesOf(change));
  return sql.join(
    fields.flatMap((field) => [
      parameterColumn(changes, (values) => values[field] !== undefined, 'bool'),
      parameterColumn(changes, (values) => parameterOf(values, field), columns[field].type),
    ]),
    comma,
  );
};

/** What an update sets, with the values in the relation `free`. */
export const assignBatch: Fragment = assign(
  (field) => ({
    isSet: sql.fragment`free.${flagColumn(field)}`,
    value: sql.fragment`free.${valueColumn(field)}`,
  }),
  sql.fragment`free.at`,
);
