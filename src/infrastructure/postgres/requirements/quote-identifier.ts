import type { Facts } from './facts.ts';

import { escapeIdentifier } from 'pg';

/** A name of any spelling for a statement that an operator runs. Always quoted: a plain name can be a keyword, such as `user`. */
export const quoteIdentifier = (name: string): string => escapeIdentifier(name);

/** A table of the service, with the schema that the search path names first. */
export const qualified = ({ schema }: Pick<Facts, 'schema'>, table: string): string =>
  `${quoteIdentifier(schema ?? '')}.${table}`;
