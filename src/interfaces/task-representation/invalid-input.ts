import type { FieldProblem } from '../../domain/errors.ts';

/** Which kind of input is not valid. */
type InvalidInputCode = 'invalid_cursor' | 'invalid_query' | 'invalid_task';

/** Input with fields that are not valid. The message joins the problems of all fields, and is shown to users. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly code: InvalidInputCode;
  readonly errors: readonly FieldProblem[];

  constructor(code: InvalidInputCode, errors: readonly FieldProblem[]) {
    super(errors.map(({ field, message }) => `${field} ${message}`).join('; '));
    this.code = code;
    this.errors = errors;
  }
}
