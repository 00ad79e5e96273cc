import { z } from 'zod';
import type { UseCases } from '../../../application/use-cases.ts';
import type { Revision } from '../../../domain/task.ts';
import type { Endpoint } from '../routing/endpoint.ts';
import type { ServerSentEvent } from '../streams/event-stream.ts';

/** `GET {tasks}/events`: an event for each change of the user's counter, and never a task. */
export const followTasks = (use: Pick<UseCases, 'followRevisions'>): Endpoint => ({
  name: 'followTasks',
  method: 'GET',
  path: '/events',
  summary: 'Follow the changes of your tasks',
  description:
    'A stream of server-sent events that does not end by itself: one event at once, and one within a second of each write of ' +
    'your tasks. Its id and its data are your write counter. Several writes may become one event. `Last-Event-ID` with the ' +
    'current counter holds back the first event. A comment line comes every 15 seconds. The stream ends when the token does, ' +
    'and when the service stops; `retry` is the number of milliseconds after which to connect again. A user has 10 streams ' +
    'at most on one instance.',
  success: {
    status: 200,
    description: 'The events, for as long as the client is connected.',
    body: {
      schema: z.string(),
      example: 'retry: 3141\n\nevent: revision\nid: 57\ndata: {"revision":57}\n\n:\n\n',
      stream: 'text/event-stream',
    },
  },
  problems: [],
  answer: ({ user }) =>
    Promise.resolve({
      status: 200,
      events: (send) => use.followRevisions(user.id, (revision) => send(toEvent(revision))),
    }),
});

const toEvent = (revision: Revision): ServerSentEvent => ({
  event: 'revision',
  id: `${revision}`,
  data: JSON.stringify({ revision }),
});
