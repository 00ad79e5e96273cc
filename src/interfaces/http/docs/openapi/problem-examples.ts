import {
  keyInUse,
  keyReused,
  outcomeUnknown,
  overloaded,
  revisionExpired,
  taskNotFound,
  TaskholdError,
  timedOut,
} from '../../../../domain/errors.ts';
import { aTask } from '../../tasks/task-examples.ts';
import { revisionMismatch } from '../../tasks/revision-mismatch.ts';
import { details, type ProblemCode } from '../../problems/catalogue.ts';
import { maxBodyBytes } from '../../request/read-body.ts';
import { insufficientScope } from '../../routing/require-scope.ts';
import { HttpProblem, toProblem } from '../../problems/problem.ts';
import { InvalidInput } from '../../../task-representation/invalid-input.ts';

/** An example of each problem, as the service returns it. */
export const problemExamples: Readonly<Record<ProblemCode, HttpProblem>> = {
  malformed_json: new HttpProblem('malformed_json', details.malformed_json),
  malformed_request: new HttpProblem('malformed_request', details.malformed_request('path')),
  unauthenticated: new HttpProblem('unauthenticated', details.unauthenticated),
  not_owner: new HttpProblem('not_owner', details.not_owner),
  insufficient_scope: insufficientScope('write'),
  task_not_found: toProblem(taskNotFound()),
  not_found: new HttpProblem('not_found', details.not_found),
  method_not_allowed: new HttpProblem(
    'method_not_allowed',
    details.method_not_allowed('GET, HEAD, OPTIONS, POST'),
  ),
  not_acceptable: new HttpProblem('not_acceptable', details.not_acceptable('application/json')),
  idempotency_key_in_use: toProblem(keyInUse()),
  revision_expired: toProblem(revisionExpired()),
  revision_mismatch: revisionMismatch(aTask),
  body_too_large: new HttpProblem('body_too_large', details.body_too_large(maxBodyBytes)),
  unsupported_media_type: new HttpProblem('unsupported_media_type', details.unsupported_media_type),
  invalid_task: toProblem(
    new InvalidInput('invalid_task', [
      { field: 'title', message: 'must have 1 to 200 characters' },
      { field: 'completed', message: 'must be true or false' },
    ]),
  ),
  invalid_query: toProblem(
    new InvalidInput('invalid_query', [{ field: 'limit', message: 'must be a whole number from 1 to 1000' }]),
  ),
  invalid_cursor: toProblem(
    new InvalidInput('invalid_cursor', [{ field: 'cursor', message: 'is not one of this list' }]),
  ),
  idempotency_key_reused: toProblem(keyReused()),
  rate_limited: new HttpProblem('rate_limited', details.rate_limited(60)),
  headers_too_large: new HttpProblem('headers_too_large', details.headers_too_large),
  internal_error: toProblem(new Error()),
  overloaded: toProblem(overloaded()),
  unavailable: toProblem(
    new TaskholdError('unavailable', 'The database cannot be reached. Nothing was done; try again shortly.'),
  ),
  outcome_unknown: toProblem(outcomeUnknown()),
  timeout: toProblem(timedOut()),
};
