import { randomUUID } from 'node:crypto';
import { connect } from '../postgres/sql.ts';
import { firstEditionStatements as statements } from './statements.ts';

interface Text {
  readonly title?: string;
  readonly description?: string | null;
}

/** A connection of the first edition. Each method sends one statement, and throws if it wrote nothing. */
export interface FirstEditionSession extends AsyncDisposable {
  /** Returns the id of the new task. */
  insert(user: string, text: Text): Promise<string>;
  change(user: string, id: string, text: Text): Promise<void>;
  complete(user: string, id: string): Promise<void>;
  delete(user: string, id: string): Promise<void>;
}

export const connectFirstEdition = async (url: string): Promise<FirstEditionSession> => {
  const session = await connect(url);
  const run = async (statement: string, ...values: readonly unknown[]): Promise<void> => {
    const rows = await session.run(statement, values);
    if (rows.length === 0) throw new Error('The statement wrote no row');
  };
  return {
    insert: async (user, { title = 'Buy milk', description = null }) => {
      const id = randomUUID();
      await run(statements.insert, user, id, title, description, new Date());
      return id;
    },
    change: (user, id, { title, description }) =>
      run(
        statements.change,
        user,
        id,
        title ?? null,
        description !== undefined,
        description ?? null,
        new Date(),
      ),
    complete: (user, id) => run(statements.complete, user, id, true, new Date()),
    delete: (user, id) => run(statements.delete, user, id),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
};
