import type { Unmet } from './requirements.ts';

/** A database does not meet the requirements. Its message is for operators. */
export class UnmetRequirementsError extends Error {
  override readonly name = 'UnmetRequirementsError';
  readonly unmet: readonly Unmet[];

  constructor(unmet: readonly Unmet[], options?: ErrorOptions) {
    super(unmet.map(({ problem }) => problem).join('. '), options);
    this.unmet = unmet;
  }
}
