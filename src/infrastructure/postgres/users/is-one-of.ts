import { sql } from 'slonik';
import type { UserId } from '../../../domain/user.ts';
import type { Database } from '../client/database.ts';
import type { Fragment } from '../tasks/columns.ts';

/**
 * The condition on `owners.id` of a statement that a data loader sends. Without batching, there is one user, and the condition is
 * a comparison with a constant, which every distributed database can route.
 */
export const isOneOf = ({ isBatching }: Database, users: readonly UserId[]): Fragment => {
  const [user] = users;
  return isBatching || user === undefined
    ? sql.fragment`id = ANY (${sql.array(users, 'text')})`
    : sql.fragment`id = ${user}`;
};
