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
import {
  foldedColumn,
  foldedFields,
  foldedName,
  foldedParameter,
  foldedValue,
  type FoldedField,
} from './folded-text.ts';

/** The values of a change: a `completed` of null is toggled. */
type Values = { readonly [Field in keyof TaskFields]?: TaskFields[Field] | null };

const valuesOf = ({ completed, ...values }: TaskChange): Values =>
  completed === undefined ? values : { ...values, completed: completed === 'toggle' ? null : completed };

/** Where the value of a field is, and whether the change has one. */
interface Source {
  readonly isSet: (field: keyof TaskFields) => Fragment;
  readonly value: (field: keyof TaskFields) => Fragment;
  readonly folded: (field: FoldedField) => Fragment;
}

const assign = ({ isSet, value, folded }: Source, at: Fragment): Fragment => sql.fragment`
  ${sql.join(
    [
      ...fields.map((field) => {
        const column = columnName(field);
        const assigned = columns[field].assign?.(value(field)) ?? stored(value(field), field);
        return sql.fragment`${column} = CASE WHEN ${isSet(field)} THEN ${assigned} ELSE task.${column} END`;
      }),
      ...foldedFields.map((field) => {
        const column = foldedColumn(field);
        return sql.fragment`${column} = CASE WHEN ${isSet(field)} THEN ${folded(field)} ELSE task.${column} END`;
      }),
    ],
    comma,
  )},
  text_revision = CASE
    WHEN ${isSet('title')} AND ${isSet('description')} THEN counter.revision
    WHEN (${isSet('title')} OR ${isSet('description')}) AND task.text_revision IS NOT NULL THEN counter.revision
    ELSE task.text_revision
  END,
  updated_at = greatest(task.updated_at, ${at}),
  revision = counter.revision`;

/** What an update sets, with the values of one change as parameters. */
export const assignChange = (change: TaskChange, at: Instant): Fragment => {
  const values = valuesOf(change);
  return assign(
    {
      isSet: (field) => sql.fragment`${values[field] !== undefined}::bool`,
      value: (field) => parameter(parameterOf(values, field), columns[field].type),
      folded: (field) => foldedParameter(values, field),
    },
    parameter(at, columns.updatedAt.type),
  );
};

const valueColumn = (field: keyof TaskFields) => sql.identifier([`new_${columns[field].name}`]);
const newFoldedColumn = (field: FoldedField) => sql.identifier([`new_${foldedName(field)}`]);
const flagColumn = (field: keyof TaskFields) => sql.identifier([`sets_${columns[field].name}`]);

/** The names of {@link batchParameters}. */
export const batchNames = sql.join(
  [
    ...fields.flatMap((field) => [flagColumn(field), valueColumn(field)]),
    ...foldedFields.map(newFoldedColumn),
  ],
  comma,
);

/** The changes of a batch, as parameters to `unnest`: for each field a flag and a value, and then the folded texts. */
export const batchParameters = (updates: readonly { readonly change: TaskChange }[]) => {
  const changes = updates.map(({ change }) => valuesOf(change));
  return sql.join(
    [
      ...fields.flatMap((field) => [
        parameterColumn(changes, (values) => values[field] !== undefined, 'bool'),
        parameterColumn(changes, (values) => parameterOf(values, field), columns[field].type),
      ]),
      ...foldedFields.map((field) =>
        parameterColumn(changes, (values) => foldedValue(values, field), 'text'),
      ),
    ],
    comma,
  );
};

/** What an update sets, with the values in the relation `free`. */
export const assignBatch: Fragment = assign(
  {
    isSet: (field) => sql.fragment`free.${flagColumn(field)}`,
    value: (field) => sql.fragment`free.${valueColumn(field)}`,
    folded: (field) => sql.fragment`free.${newFoldedColumn(field)}`,
  },
  sql.fragment`free.at`,
);
