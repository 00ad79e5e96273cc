/** Other transactions held a lock for as long as attempts were repeated. Nothing was changed. Its message is for operators. */
export class MigrationBlockedError extends Error {
  override readonly name = 'MigrationBlockedError';
}
