import type { UseCases } from '../../../../application/use-cases.ts';
import type { RestOfChanges } from '../../../../application/list-changes.ts';
import type { Change, ChangesPage } from '../../../../application/ports/change-feed.ts';
import type { Revision } from '../../../../domain/task.ts';
import { InvalidInput } from '../../../task-representation/invalid-input.ts';
import type { Endpoint } from '../../routing/endpoint.ts';
import type { JsonPieces } from '../../streams/json-stream.ts';
import { maxLimit } from '../../../task-representation/lists/list-parameters.ts';
import { queryReader } from '../../../task-representation/lists/query-reader.ts';
import { changesTag } from '../revision-tags.ts';
import { toJson } from '../../../task-representation/task-json.ts';
import {
  changesParameters,
  changesQuery,
  changesResource,
  someChanges,
  type ChangesResource,
} from './change-schemas.ts';

/** What a client needs to hold the same tasks as the service: the changes since a revision. */
export const changeEndpoints = (use: Pick<UseCases, 'listChanges'>): readonly Endpoint[] => [
  {
    name: 'listChanges',
    method: 'GET',
    path: '/changes',
    summary: 'Follow changes',
    description:
      'Each task that changed after `since` once, as it is now, by revision. A client that begins with 0 and goes on as `has_more` says ' +
      'holds exactly the tasks of a full list. From 0, a response can have more than `limit` changes; then it is sent while it is ' +
      'read, and if reading fails on the way, the connection is closed before the end: try again.',
    query: changesQuery,
    conditional: 'If-None-Match',
    success: {
      status: 200,
      description: 'The changes, and the counter at that moment.',
      body: { schema: changesResource, example: someChanges },
    },
    problems: ['invalid_query', 'revision_expired'],
    answer: async ({ user, search }) => {
      const { since, limit } = readQuery(search);
      const listed = await use.listChanges(user.id, since, limit);
      const entityTag = changesTag(user.id, since, limit, listed);
      const { rest } = listed;
      if (rest !== null) return { status: 200, entityTag, pieces: () => pieces(listed, rest) };
      return { status: 200, entityTag, json: () => JSON.stringify(toChangesJson(listed)) };
    },
  },
];

type Parameter = keyof typeof changesParameters;

const readerOf = queryReader<Parameter>({});

/** Throws `invalid_query` with all problems at once. */
const readQuery = (search: URLSearchParams): { readonly since: Revision; readonly limit: number } => {
  const { read, problems } = readerOf(search);
  const since = read('since', changesParameters.since);
  const limit = read('limit', changesParameters.limit) ?? maxLimit;
  if (since === undefined && !search.has('since')) problems.push({ field: 'since', message: 'is required' });
  if (since === undefined || problems.length > 0) throw new InvalidInput('invalid_query', problems);
  return { since, limit };
};

const toChangesJson = ({ changes, revision, hasMore }: ChangesPage): ChangesResource => ({
  changes: changes.map(toChangeJson),
  revision,
  has_more: hasMore,
});

const toChangeJson = ({ revision, id, task }: Change): ChangesResource['changes'][number] => ({
  revision,
  id,
  task: task && toJson(task),
});

/** The same text as of {@link toChangesJson}, if it had all changes. */
async function* pieces({ changes, revision }: ChangesPage, rest: RestOfChanges): JsonPieces {
  yield `{"changes":[${textsOf(changes).join()}`;
  let next = await rest.next();
  for (; next.done !== true; next = await rest.next())
    if (next.value.length > 0) yield `,${textsOf(next.value).join()}`;
  yield `],"revision":${revision},"has_more":${next.value}}`;
}

const textsOf = (changes: readonly Change[]): string[] =>
  changes.map((change) => JSON.stringify(toChangeJson(change)));
