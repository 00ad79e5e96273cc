import { outcomeUnknown, overloaded, taskNotFound, TaskholdError } from '../../../../domain/errors.ts';
import { aTask } from '../../tasks/task-examples.ts';
import { revisionMismatch } from '../../tasks/revision-mismatch.ts';
import type { ProblemCode } from '../../problems/catalogue.ts';
import { fieldProblem, HttpProblem, toProblem } from '../../problems/problem.ts';

/** An example of each problem, as the service returns it. */
export const problemExamples: Readonly<Record<ProblemCode, HttpProblem>> = {
  malformed_json: new HttpProblem('malformed_json', 'The body must be a JSON object.'),
  malformed_request: new HttpProblem('malformed_request', 'The path has a broken percent-escape.'),
  unauthenticated: new HttpProblem('unauthenticated', 'The token is not valid, or has expired.'),
  not_owner: new HttpProblem('not_owner', 'The path names another user than the token.'),
  task_not_found: toProblem(taskNotFound()),
  not_found: new HttpProblem('not_found', 'There is nothing at this path.'),
  method_not_allowed: new HttpProblem('method_not_allowed', 'This path has GET, HEAD, OPTIONS, POST.'),
  not_acceptable: new HttpProblem('not_acceptable', 'Responses are application/json.'),
  revision_mismatch: revisionMismatch(aTask),
  body_too_large: new HttpProblem('body_too_large', 'A body may have 65536 bytes.'),
  unsupported_media_type: new HttpProblem(
    'unsupported_media_type',
    'The body must be JSON: Content-Type: application/json.',
  ),
  invalid_task: fieldProblem('invalid_task', [
    { field: 'title', message: 'must have 1 to 200 characters' },
    { field: 'completed', message: 'must be true or false' },
  ]),
  invalid_query: fieldProblem('invalid_query', [
    { field: 'limit', message: 'must be a whole number from 1 to 1000' },
  ]),
  invalid_cursor: fieldProblem('invalid_cursor', [{ field: 'cursor', message: 'is not one of this list' }]),
  rate_limited: new HttpProblem('rate_limited', 'Too many requests; try again in 60 s.'),
  headers_too_large: new HttpProblem(
    'headers_too_large',
    'The header fields together are limited to 16 KiB.',
  ),
  internal_error: toProblem(new Error()),
  overloaded: toProblem(overloaded()),
  unavailable: toProblem(
    new TaskholdError('unavailable', 'The database cannot be reached. Nothing was done; try again shortly.'),
  ),
  outcome_unknown: toProblem(outcomeUnknown()),
  timeout: new HttpProblem('timeout', 'The request took too long. Nothing was changed; try again.'),
};
