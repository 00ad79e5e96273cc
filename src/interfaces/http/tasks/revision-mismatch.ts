import { RevisionMismatch } from '../../../domain/errors.ts';
import { HttpProblem } from '../problems/problem.ts';
import { toJson } from '../../task-representation/task-json.ts';
import type { TaskResource } from '../../task-representation/task-schemas.ts';

/** 412 `revision_mismatch`, with the task as it is now in the member `current`, which saves the client a read. */
export const revisionMismatch = (current: TaskResource, cause?: RevisionMismatch): HttpProblem =>
  new HttpProblem('revision_mismatch', RevisionMismatch.detail, { extensions: { current }, cause });

/** Waits for a conditional write. Throws {@link revisionMismatch} where the task has another revision than expected. */
export const withCurrentTask = async <Result>(write: Promise<Result>): Promise<Result> => {
  try {
    return await write;
  } catch (error) {
    if (error instanceof RevisionMismatch) throw revisionMismatch(toJson(error.current), error);
    throw error;
  }
};
