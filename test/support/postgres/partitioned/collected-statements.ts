import type { Database, Statement } from '../../../../src/infrastructure/postgres/client/database.ts';
import type { Recorded } from '../explain.ts';
import { isPartitioned } from '../route.ts';

/** Statements by their text, with the values that they were sent with first, and those that take the most characters. */
export type Collected = Map<string, { first: Recorded; longest: Recorded }>;

/** What the services and repositories of this run have sent, where the tables are partitioned. */
export const collectedStatements: Collected = new Map();

/** Collects every statement that is sent over this database from now on, where the tables are partitioned. Returns the database. */
export const collectStatements = (database: Database): Database =>
  isPartitioned ? collectInto(collectedStatements, database) : database;

/** Collects every statement that is sent over this database from now on. Returns the database. */
export const collectInto = (collected: Collected, database: Database): Database => {
  const sending = { ...database };
  const collect = ({ sql, values }: Statement<unknown>): void => {
    const text = sql.replaceAll('$slonik_', '$');
    const statement = { text, values };
    const known = collected.get(text);
    if (known === undefined) collected.set(text, { first: statement, longest: statement });
    else if (lengthOf(statement) > lengthOf(known.longest)) known.longest = statement;
  };
  const methods: Pick<Database, 'rows' | 'write' | 'writeAtOnce'> = {
    rows: (statement, since) => {
      collect(statement);
      return sending.rows(statement, since);
    },
    write: (statement, since) => {
      collect(statement);
      return sending.write(statement, since);
    },
    writeAtOnce: (statement, beginWrite) => {
      collect(statement);
      return sending.writeAtOnce(statement, beginWrite);
    },
  };
  return Object.assign(database, methods);
};

const lengthOf = ({ values }: Recorded): number => JSON.stringify(values).length;
