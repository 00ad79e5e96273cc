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

/**
 * The fields that one of these changes sets. A statement names only them, because every named column costs time, and most
 * changes complete a task.
 */
export const changedFields = (changes: readonly TaskChange[]): readonly (keyof TaskFields)[] =>
  fields.filter((field) => changes.some((change) => change[field] !== undefined));

/** A short name of a set of fields, for the names of statements. */
export const nameOfFields = (changed: readonly (keyof TaskFields)[]): string =>
  changed.map((field) => fields.indexOf(field)).join('');

const isFolded = (field: keyof TaskFields): field is FoldedField => foldedFields.some((one) => one === field);

/** Where the value of a field is, and whether the change has one. */
interface Source {
  readonly isSet: (field: keyof TaskFields) => Fragment;
  readonly value: (field: keyof TaskFields) => Fragment;
  readonly folded: (field: FoldedField) => Fragment;
}

const assign = (changed: readonly (keyof TaskFields)[], source: Source, at: Fragment): Fragment => {
  const { isSet, value, folded } = source;
  const set = (column: Fragment, field: keyof TaskFields, assigned: Fragment) =>
    sql.fragment`${column} = CASE WHEN ${isSet(field)} THEN ${assigned} ELSE task.${column} END`;
  const changedTexts = changed.filter(isFolded);
  const assignments = [
    ...changed.map((field) =>
      set(columnName(field), field, columns[field].assign?.(value(field)) ?? stored(value(field), field)),
    ),
    ...changedTexts.map((field) => set(foldedColumn(field), field, folded(field))),
    assignTextRevision(changedTexts, isSet),
    sql.fragment`updated_at = greatest(task.updated_at, ${at})`,
    sql.fragment`revision = counter.revision`,
  ];
  return sql.fragment`${sql.join(assignments, comma)}`;
};

/**
 * Every write sets it, so that the trigger for older versions leaves this one's writes alone. Null stays where a text of the row was
 * folded by the trigger and is not set.
 */
const assignTextRevision = (changedTexts: readonly FoldedField[], isSet: Source['isSet']): Fragment => {
  const setsAll =
    changedTexts.length === foldedFields.length
      ? sql.fragment`${sql.join(changedTexts.map(isSet), and)}`
      : sql.fragment`false`;
  return sql.fragment`text_revision = CASE
    WHEN ${setsAll} OR task.text_revision IS NOT NULL THEN counter.revision
  END`;
};

const and = sql.fragment` AND `;

/** What an update sets, with the values of one change as parameters. */
export const assignChange = (change: TaskChange, at: Instant): Fragment => {
  const values = valuesOf(change);
  return assign(
    changedFields([change]),
    {
      isSet: () => sql.fragment`true`,
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
export const batchNames = (changed: readonly (keyof TaskFields)[]) =>
  sql.join(
    [
      sql.identifier(['at']),
      ...changed.flatMap((field) => [flagColumn(field), valueColumn(field)]),
      ...changed.filter(isFolded).map(newFoldedColumn),
    ],
    comma,
  );

/** The changes of a batch, as parameters to `unnest`: for each field a flag and a value, and then the folded texts. */
export const batchParameters = (
  updates: readonly { readonly change: TaskChange; readonly at: Instant }[],
  changed: readonly (keyof TaskFields)[],
) => {
  const changes = updates.map(({ change }) => valuesOf(change));
  return sql.join(
    [
      parameterColumn(updates, ({ at }) => at, columns.updatedAt.type),
      ...changed.flatMap((field) => [
        parameterColumn(changes, (values) => values[field] !== undefined, 'bool'),
        parameterColumn(changes, (values) => parameterOf(values, field), columns[field].type),
      ]),
      ...changed
        .filter(isFolded)
        .map((field) => parameterColumn(changes, (values) => foldedValue(values, field), 'text')),
    ],
    comma,
  );
};

/** What an update sets, with the values in the relation `free`. */
export const assignBatch = (changed: readonly (keyof TaskFields)[]): Fragment =>
  assign(
    changed,
    {
      isSet: (field) => sql.fragment`free.${flagColumn(field)}`,
      value: (field) => sql.fragment`free.${valueColumn(field)}`,
      folded: (field) => sql.fragment`free.${newFoldedColumn(field)}`,
    },
    sql.fragment`free.at`,
  );
