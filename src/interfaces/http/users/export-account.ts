import { z } from 'zod';
import type { ExportedPage } from '../../../application/export-tasks.ts';
import type { UseCases } from '../../../application/use-cases.ts';
import type { User } from '../../../domain/user.ts';
import type { Endpoint } from '../routing/endpoint.ts';
import type { JsonPieces } from '../streams/json-stream.ts';
import { aTask, aTrashedTask } from '../tasks/task-examples.ts';
import { toJson, toTrashedJson } from '../../task-representation/task-json.ts';
import { taskResource, trashList } from '../../task-representation/task-schemas.ts';
import { aUser, toUserJson, userResource } from './user-json.ts';

type ExportUseCases = Pick<UseCases, 'exportTasks' | 'getCurrentUser'>;

/** `GET /api/me/export`: all that is stored about the user, in one JSON text that is sent while it is read. */
export const exportAccount = (use: ExportUseCases): Endpoint => ({
  name: 'exportMe',
  method: 'GET',
  path: '/export',
  summary: 'Export all that is stored about you',
  description:
    'One JSON object, sent while it is read, newest tasks first; tasks that were added or restored meanwhile come last. What is written ' +
    'meanwhile may or may not be in it. A task that exists throughout is in one of the arrays or in both, however often it is deleted ' +
    'and restored meanwhile. If reading fails on the way, or a task is restored that can no longer be sent, the connection is closed ' +
    'before the end of the object: try again.',
  success: {
    status: 200,
    description: 'The user, their tasks, and their trash.',
    body: {
      schema: z
        .object({ user: userResource, tasks: z.array(taskResource), trash: trashList })
        .meta({ id: 'Export', description: 'All that is stored about the user.' }),
      example: { user: aUser, tasks: [aTask], trash: [aTrashedTask] },
      stream: 'application/json',
    },
    headers: ['Content-Disposition'],
  },
  problems: [],
  answer: ({ user }) => Promise.resolve({ status: 200, pieces: () => pieces(use, user), fileName }),
});

const fileName = 'taskhold-export.json';

async function* pieces(use: ExportUseCases, user: User): JsonPieces {
  yield `{"user":${JSON.stringify(toUserJson(await use.getCurrentUser(user)))},"tasks":[`;
  let section: ExportedPage['section'] = 'tasks';
  let isFirst = true;
  for await (const page of use.exportTasks(user.id)) {
    if (page.section !== section) {
      yield `],"${page.section}":[`;
      ({ section } = page);
      isFirst = true;
    }
    const values = valuesOf(page);
    yield values.length === 0 || isFirst ? values.join() : `,${values.join()}`;
    isFirst &&= values.length === 0;
  }
  yield ']}';
}

const valuesOf = (page: ExportedPage): readonly string[] =>
  page.section === 'tasks'
    ? page.tasks.map((task) => JSON.stringify(toJson(task)))
    : page.tasks.map((task) => JSON.stringify(toTrashedJson(task)));
