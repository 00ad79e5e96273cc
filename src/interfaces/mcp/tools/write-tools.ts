import { z } from 'zod';
import type { UseCases } from '../../../application/use-cases.ts';
import type { WrittenTask } from '../../../application/written.ts';
import { readTaskId } from '../../../domain/task.ts';
import { toChange, toDraft, toJson } from '../../task-representation/task-json.ts';
import { taskChange, taskDraft } from '../../task-representation/task-schemas.ts';
import { readArguments, readBoth } from './read-arguments.ts';
import { inputOf } from './tool-input.ts';
import { deletionOutput, taskOutput } from './tool-output.ts';
import type { Tool, ToolResult } from './tool.ts';
import { expectedOf, keyArgument, keyedRequest, targetArguments } from './write-arguments.ts';

type WriteUseCases = Pick<
  UseCases,
  'completeTask' | 'createTask' | 'deleteTask' | 'restoreTask' | 'updateTask'
>;

const completion = targetArguments.extend({
  completed: z
    .boolean({ error: 'must be true or false' })
    .default(true)
    .meta({ description: 'False takes a completion back.' }),
});

const inputs = {
  draft: inputOf(taskDraft, keyArgument),
  change: inputOf(taskChange, targetArguments),
  completion: inputOf(completion),
  target: inputOf(targetArguments),
};

/** All writes are of the user's own tasks; `destructive` ones replace or remove what was there. */
export const writeTools = (use: WriteUseCases): readonly Tool[] => [
  {
    name: 'add_task',
    title: 'Add a task',
    description:
      'Adds a task for the user. A title is enough. Call it once for each task that the user wants.',
    needs: 'write',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    input: inputs.draft,
    output: taskOutput,
    run: async (user, args) => {
      const [fields, key] = readBoth(taskDraft, keyArgument, inputs.draft, args);
      const keyed = keyedRequest('add_task', { ...fields, ...key });
      return written('Added', await use.createTask(user, toDraft(fields), keyed));
    },
  },
  {
    name: 'update_task',
    title: 'Change a task',
    description:
      'Changes fields of a task: at least one. A field that is absent is kept; null clears `description` and `due_date`.',
    needs: 'write',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    input: inputs.change,
    output: taskOutput,
    run: async (user, args) => {
      const [fields, target] = readBoth(taskChange, targetArguments, inputs.change, args);
      const keyed = keyedRequest('update_task', { ...fields, ...target });
      return written(
        'Changed',
        await use.updateTask(user, readTaskId(target.id), toChange(fields), expectedOf(target), keyed),
      );
    },
  },
  {
    name: 'complete_task',
    title: 'Complete a task',
    description: 'Marks a task as completed, or with `completed: false` as not completed.',
    needs: 'write',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
    input: inputs.completion,
    output: taskOutput,
    run: async (user, args) => {
      const read = readArguments(completion, inputs.completion, args);
      const keyed = keyedRequest('complete_task', read);
      return written(
        read.completed ? 'Completed' : 'Reopened',
        await use.completeTask(user, readTaskId(read.id), read.completed, expectedOf(read), keyed),
      );
    },
  },
  {
    name: 'delete_task',
    title: 'Delete a task',
    description:
      'Deletes a task. It goes into the trash, from which restore_task takes it back for some time, if the service keeps a trash.',
    needs: 'write',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    input: inputs.target,
    output: deletionOutput,
    run: async (user, args) => {
      const read = readArguments(targetArguments, inputs.target, args);
      const id = readTaskId(read.id);
      const { isReplay } = await use.deleteTask(
        user,
        id,
        expectedOf(read),
        keyedRequest('delete_task', read),
      );
      return {
        text: `Deleted the task ${id}.${note(isReplay)}`,
        content: { deleted_id: id, ...mark(isReplay) },
      };
    },
  },
  {
    name: 'restore_task',
    title: 'Restore a deleted task',
    description: 'Takes a deleted task out of the trash: it comes back as it was, with a new `revision`.',
    needs: 'write',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
    input: inputs.target,
    output: taskOutput,
    run: async (user, args) => {
      const read = readArguments(targetArguments, inputs.target, args);
      const keyed = keyedRequest('restore_task', read);
      return written('Restored', await use.restoreTask(user, readTaskId(read.id), expectedOf(read), keyed));
    },
  },
];

const written = (what: string, { task, isReplay }: WrittenTask): ToolResult => ({
  text: `${what} the task ${task.id}, now revision ${task.revision}.${note(isReplay)}`,
  content: { task: toJson(task), ...mark(isReplay) },
});

const note = (isReplay: boolean): string =>
  isReplay ? ' This is the result of an earlier call with the same key; nothing was done again.' : '';

const mark = (isReplay: boolean) => (isReplay ? { replayed: true } : {});
