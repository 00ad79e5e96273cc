/**
 * `unusable`: the database cannot hold the data, so that the service refuses to start. `unprepared`: requests get 503 until
 * it is repaired. `read-only`: writes get 503, and the service is not ready.
 */
export type Severity = 'unusable' | 'unprepared' | 'read-only';

/** A requirement that a database does not meet: a sentence with what to do, for an operator. */
export interface Unmet {
  readonly severity: Severity;
  readonly problem: string;
}

/** A database does not meet the requirements. Its message is for operators. */
export class UnmetRequirementsError extends Error {
  override readonly name = 'UnmetRequirementsError';
  readonly unmet: readonly Unmet[];

  constructor(unmet: readonly Unmet[], options?: ErrorOptions) {
    super(unmet.map(({ problem }) => problem).join('. '), options);
    this.unmet = unmet;
  }
}
