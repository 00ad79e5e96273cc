import { sql } from 'slonik';
import type { User } from '../../../domain/user.ts';
import type { ColumnType, ColumnValue } from './columns.ts';

/**
 * One column of the parameters of a batch, for `unnest`. The subselect hides the length of the array from the planner, which
 * would otherwise make a custom plan for each batch, at the price of the work itself.
 */
export const parameterColumn = <Command>(
  commands: readonly Command[],
  valueOf: (command: Command) => ColumnValue,
  type: ColumnType,
) => sql.fragment`(SELECT ${sql.array(commands.map(valueOf), type)})`;

/** The columns `owner_id`, `email` and `display_name`. */
export const ownerColumns = (commands: readonly { readonly owner: User }[]) => sql.fragment`
  ${parameterColumn(commands, ({ owner }) => owner.id, 'text')},
  ${parameterColumn(commands, ({ owner }) => owner.email, 'text')},
  ${parameterColumn(commands, ({ owner }) => owner.displayName, 'text')}`;
