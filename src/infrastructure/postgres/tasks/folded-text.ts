import { sql } from 'slonik';
import { fold } from '../../../domain/fold.ts';
import type { TaskFields } from '../../../domain/task.ts';
import { columns, parameter, type Fragment } from './columns.ts';

/** The fields whose folded form is stored beside them, for search and for the order of titles. */
export const foldedFields = ['title', 'description'] as const satisfies readonly (keyof TaskFields)[];

export type FoldedField = (typeof foldedFields)[number];

export const foldedName = (field: FoldedField): string => `${columns[field].name}_folded`;

export const foldedColumn = (field: FoldedField): Fragment =>
  sql.fragment`${sql.identifier([foldedName(field)])}`;

/** The folded form of a field; null where there is no text. */
export const foldedValue = (
  values: { readonly [Field in FoldedField]?: TaskFields[Field] | null },
  field: FoldedField,
): string | null => {
  const text = values[field] ?? null;
  return text === null ? null : fold(text);
};

export const foldedParameter = (...args: Parameters<typeof foldedValue>): Fragment =>
  parameter(foldedValue(...args), 'text');
