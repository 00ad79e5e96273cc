import fc from 'fast-check';
import type { Endpoint } from '../../../src/interfaces/http/routing/endpoint.ts';
import type { Answer } from '../http/http-client.ts';
import { everyField } from './task-requests.ts';
import { taskId } from './tasks.ts';

export type Who = 'a' | 'b';

/** A value that the sender has received, or one that the other user has received. */
type Whose = 'own' | 'other';

/** A request as it is sent, with the values from earlier responses. */
export interface Concrete {
  readonly who: Who;
  /** The name of the endpoint. */
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Ids, entity tags and cursors that a user has received, and can send again. */
interface Known {
  readonly ids: string[];
  /** The ids of tasks that the user has deleted. */
  readonly deletedIds: string[];
  readonly tags: string[];
  readonly cursors: string[];
}

/** Random choices, from which {@link concrete} makes a request: endpoint, URL scheme, and values from earlier responses. */
export interface Step {
  readonly who: Who;
  readonly endpoint: number;
  readonly method: string | null;
  readonly urlScheme: 'own' | 'named' | 'foreign';
  readonly idOf: Whose | 'absent' | 'malformed';
  readonly pick: number;
  readonly tagOf: Whose | 'none' | 'star' | 'broken';
  /** The Idempotency-Key. Both users send the same ones. */
  readonly key: string | null;
  readonly query: number;
  readonly cursorOf: Whose | 'none' | 'broken';
  readonly body: number;
  readonly slash: boolean;
}

const who = fc.constantFrom<Who>('a', 'b');

export const step: fc.Arbitrary<Step> = fc.record({
  who,
  endpoint: fc.nat({ max: 1000 }),
  method: fc.oneof(
    { weight: 12, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'DELETE', 'TRACE') },
  ),
  urlScheme: fc.constantFrom('own', 'own', 'own', 'named', 'named', 'named', 'foreign'),
  idOf: fc.constantFrom<Step['idOf']>('own', 'own', 'own', 'own', 'other', 'other', 'absent', 'malformed'),
  pick: fc.nat({ max: 5 }),
  tagOf: fc.constantFrom<Step['tagOf']>(
    'none',
    'none',
    'none',
    'none',
    'own',
    'own',
    'other',
    'star',
    'broken',
  ),
  key: fc.constantFrom(null, null, null, null, 'k1', '"k1"', 'k2', 'k3', '"broken'),
  query: fc.nat({ max: 1000 }),
  cursorOf: fc.constantFrom<Step['cursorOf']>('none', 'none', 'none', 'own', 'own', 'other', 'broken'),
  body: fc.nat({ max: 29 }),
  slash: fc.boolean(),
});

/** A request of a user to an endpoint, with the first of all values and without conditions. */
export const plainStep = (who: Who, endpoint: number): Step => ({
  who,
  endpoint,
  method: null,
  urlScheme: 'own',
  idOf: 'own',
  pick: 0,
  tagOf: 'none',
  key: null,
  query: 0,
  cursorOf: 'none',
  body: 0,
  slash: false,
});

const queries = [
  '',
  '',
  '',
  'limit=1',
  'limit=2',
  'status=pending',
  'status=completed&limit=1',
  'completed=true',
  'limit=0',
  'status=x',
  'search=T&sort_by=title&limit=1',
  'q=first&count=true',
  'sort=title&order=desc&limit=2',
  'sort=updated&per_page=1',
  'sort_by=due_date&limit=1',
  'sort=priority&sort_order=asc&page_size=2',
  'priority=high,medium&count=true',
  'tag=a&count=true&limit=1',
  'tags=a,home',
  'due_after=2026-01-01&due_before=2026-12-31',
  'offset=1&limit=1',
  'page=2&per_page=1&count=true',
  'page=1&skip=0',
];

const bodies = [
  '{"title":"zeroth"}',
  '{"title":"first"}',
  '{"title":"second","completed":true}',
  JSON.stringify(everyField),
  '{"completed":false}',
  '{"description":null}',
  '{"title":"fourth","priority":"high","due_date":"2026-11-30T08:00","tags":["a","b","a"]}',
  '{"priority":null,"due_date":"","tags":null}',
  '{"due_date":"2026-11-31","tags":[""]}',
  '{}',
  '{"title":""}',
  '{"user_id":"somebody","title":"mine","id":"x","revision":1}',
  '[1]',
  '{"title":',
  '{"title":"\\u0000"}',
];

/** Makes a request, with values from earlier responses. */
export const concrete = (
  step: Step,
  endpoints: readonly Endpoint[],
  names: Readonly<Record<Who, string>>,
  known: Readonly<Record<Who, Known>>,
): Concrete => {
  const endpoint = endpoints[step.endpoint % endpoints.length]!;
  const other = step.who === 'a' ? 'b' : 'a';
  const owner = encodeURIComponent(names[step.urlScheme === 'foreign' ? other : step.who]);
  const list = step.urlScheme === 'own' ? '/api/tasks' : `/api/${owner}/tasks`;
  const path = endpoint.path.replace('{id}', () => idOf(step, endpoint, known));
  const query = [queries[step.query % queries.length], cursorOf(step, known)].filter(Boolean).join('&');
  const tag = tagOf(step, known);
  const withBody = endpoint.body !== undefined && (endpoint.body.need === 'required' || step.body % 2 === 0);
  return {
    who: step.who,
    name: endpoint.name,
    method: step.method ?? endpoint.method,
    target: list + path + (step.slash ? '/' : '') + (query === '' ? '' : `?${query}`),
    headers: {
      ...(tag === null ? {} : { 'if-match': tag, 'if-none-match': tag }),
      ...(step.key === null ? {} : { 'idempotency-key': step.key }),
      ...(withBody ? { 'content-type': 'application/json' } : {}),
    },
    body: withBody ? bodies[step.body % bodies.length] : undefined,
  };
};

const picked = (values: readonly string[], pick: number): string | undefined =>
  values[pick % Math.max(values.length, 1)];

const userOf = (whose: Whose, { who }: Step): Who => (whose === 'own' ? who : who === 'a' ? 'b' : 'a');

/** Requests to tasks in the trash have the id of the last deletion, which is likely to be there still. */
const idOf = (step: Step, { path }: Endpoint, known: Readonly<Record<Who, Known>>): string => {
  const { idOf, pick } = step;
  if (idOf === 'malformed') return 'not-an-id';
  if (idOf === 'absent') return taskId(0xffff);
  const { ids, deletedIds } = known[userOf(idOf, step)];
  const isOfTrash = path.includes('trash') || path.includes('restore');
  return (isOfTrash ? deletedIds.at(-1) : undefined) ?? picked(ids, pick) ?? taskId(0xffff);
};

const tagOf = (step: Step, known: Readonly<Record<Who, Known>>): string | null => {
  const { tagOf, pick } = step;
  if (tagOf === 'none') return null;
  if (tagOf === 'star') return '*';
  return (tagOf === 'broken' ? undefined : picked(known[userOf(tagOf, step)].tags, pick)) ?? 'broken';
};

const cursorOf = (step: Step, known: Readonly<Record<Who, Known>>): string => {
  const { cursorOf, pick } = step;
  if (cursorOf === 'none') return '';
  return `cursor=${(cursorOf === 'broken' ? undefined : picked(known[userOf(cursorOf, step)].cursors, pick)) ?? 'broken'}`;
};

/**
 * Adds the id, the entity tag and the cursor of a response, and the id of a task that it deleted. The tag of a trash is not the
 * same in another world, because it depends on the times of deletions, by the clock of the store.
 */
export const learn = (known: Known, { headers, status }: Answer, { name, target }: Concrete): void => {
  const id = /([^/]+)$/.exec(headers['location'] ?? '')?.[1];
  if (id !== undefined) known.ids.push(id);
  const deleted = /([^/?]+)\/?(?:\?.*)?$/.exec(target)?.[1];
  if (name === 'deleteTask' && status === 204 && deleted !== undefined) known.deletedIds.push(deleted);
  if (headers['etag'] !== undefined && name !== 'listTrash') known.tags.push(headers['etag']);
  const cursor = /cursor=([^&>]+)/.exec(headers['link'] ?? '')?.[1];
  if (cursor !== undefined) known.cursors.push(cursor);
};

export const nothingKnown = (): Known => ({ ids: [], deletedIds: [], tags: [], cursors: [] });

const changingHeaders = new Set(['date', 'x-request-id', 'connection', 'keep-alive']);

/** A response without what differs from request to request, such as its date, the request id and the times of deletions. */
export const observed = ({ status, headers, text }: Answer, { name }: Pick<Concrete, 'name'>): unknown => ({
  status,
  headers: Object.fromEntries(
    Object.entries(headers)
      .filter(([header]) => !changingHeaders.has(header) && !(header === 'etag' && name === 'listTrash'))
      .map(([header, value]) => [header, header === 'ratelimit' ? value.replace(/;t=\d+/, '') : value]),
  ),
  text: text
    .replace(/"request_id":"[^"]*"/, '"request_id":"…"')
    .replaceAll(/"deleted_at":"[^"]*"/g, '"deleted_at":"…"')
    .replace(/^retry: \d+/, 'retry: …'),
});
