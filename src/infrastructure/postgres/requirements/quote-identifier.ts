import { escapeIdentifier } from 'pg';

/** A name of any spelling for a statement that an operator runs. Always quoted: a plain name can be a keyword, such as `user`. */
export const quoteIdentifier = (name: string): string => escapeIdentifier(name);
