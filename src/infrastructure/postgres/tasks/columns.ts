import { sql } from 'slonik';
import type { Owner } from '../../../domain/user.ts';

/**
 * One value of each of those who ask, as a parameter to `unnest`. The planner that is shown how many there are makes a plan
 * for these few, each time anew, at the price of the work itself; behind a subselect it does not see them.
 */
export const columnOf = <Asked>(
  asked: readonly Asked[],
  valueOf: (one: Asked) => string | number | boolean | null,
  type: 'text' | 'uuid' | 'bool' | 'int8' | 'timestamptz',
) => sql.fragment`(SELECT ${sql.array(asked.map(valueOf), type)})`;

/** The columns `owner_id`, `email` and `display_name`. */
export const ownersOf = (asked: readonly { readonly owner: Owner }[]) => sql.fragment`
  ${columnOf(asked, ({ owner }) => owner.id, 'text')},
  ${columnOf(asked, ({ owner }) => owner.email, 'text')},
  ${columnOf(asked, ({ owner }) => owner.displayName, 'text')}`;
