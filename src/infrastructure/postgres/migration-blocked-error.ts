/** Other transactions held a lock for as long as attempts were repeated. The migrations that need it were not run. Its message is for operators. */
export class MigrationBlockedError extends Error {
  override readonly name = 'MigrationBlockedError';
}
