import type { Tracer } from '../../application/ports/tracer.ts';
import type { UseCases } from '../../application/use-cases.ts';
import type { Database, Statement } from '../../infrastructure/postgres/client/database.ts';

/** Records each call of a use case as a span. */
export const tracedUseCases = (tracer: Tracer, use: UseCases): UseCases => {
  const traced =
    <Args extends readonly unknown[], Result>(name: string, work: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      tracer.span('internal', name, () => work(...args));
  return {
    createTask: traced('createTask', use.createTask),
    getTask: traced('getTask', use.getTask),
    listTasksForUser: traced('listTasksForUser', use.listTasksForUser),
    updateTask: traced('updateTask', use.updateTask),
    completeTask: traced('completeTask', use.completeTask),
    deleteTask: traced('deleteTask', use.deleteTask),
    listTrash: traced('listTrash', use.listTrash),
    restoreTask: traced('restoreTask', use.restoreTask),
    purgeTask: traced('purgeTask', use.purgeTask),
    emptyTrash: traced('emptyTrash', use.emptyTrash),
    getCurrentUser: traced('getCurrentUser', use.getCurrentUser),
    eraseCurrentUser: traced('eraseCurrentUser', use.eraseCurrentUser),
    listChanges: traced('listChanges', use.listChanges),
    // Their reads are spans.
    followRevisions: use.followRevisions,
    exportTasks: use.exportTasks,
  };
};

/** Records each statement as a span, with its text and without its values: the text has `$1` in place of a value. */
export const tracedDatabase = (tracer: Tracer, database: Database): Database => {
  const traced = <Row>(
    { sql }: Statement<Row>,
    send: () => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> =>
    tracer.span('client', 'SQL', (span) => {
      span.add({ 'db.system.name': 'postgresql', 'db.query.text': sql });
      return send();
    });
  return {
    ...database,
    rows: (statement, since) => traced(statement, () => database.rows(statement, since)),
    write: (statement, since) => traced(statement, () => database.write(statement, since)),
    writeAtOnce: (statement, beginWrite) => {
      const rows = database.writeAtOnce(statement, beginWrite);
      return rows && traced(statement, () => rows);
    },
  };
};
