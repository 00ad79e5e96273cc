import type { Client } from 'pg';

/** A user whose tasks are in the indexes of large lists, and one who has just too few for that. */
export const largeUsers = { 'bench-big': 100_000, 'bench-below': 4_999 } as const;

export type LargeUser = keyof typeof largeUsers;

/** Adds the users with tasks of every kind: common and rare words, due dates, priorities and tags. */
export const fillLargeLists = async (client: Client): Promise<void> => {
  for (const [user, count] of Object.entries(largeUsers)) {
    await client.query('INSERT INTO owners (id, revision, created_at) VALUES ($1, $2, now())', [user, count]);
    await client.query(
      `INSERT INTO tasks (owner_id, id, title, description, completed, priority, due_date, tags, created_at, updated_at, revision)
       SELECT $1, ('01900000-0000-7000-9000-' || lpad(to_hex(t), 12, '0'))::uuid,
         (ARRAY['Buy', 'Call', 'Write', 'Plan', 'Read', 'Clean', 'Fix', 'Send'])[1 + t * 7 % 8] || ' ' ||
           (ARRAY['milk', 'bread', 'butter', 'apples', 'house', 'paper', 'phone', 'report', 'garden', 'letter', 'Müller'])[1 + t * 13 % 11] ||
           ' ' || substr(md5(t::text), 1, 6),
         CASE WHEN t % 3 = 0 THEN 'A description of some words, number ' || md5((t * 7)::text) END,
         t % 3 = 0, 1 + t * 31 % 3,
         CASE t % 4
           WHEN 0 THEN NULL
           WHEN 1 THEN to_char(date '2026-01-01' + (t * 37 % 1000)::int, 'YYYY-MM-DD')
           ELSE to_char(timestamp '2026-01-01' + t * 7907 % 1000000 * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.000Z')
         END,
         CASE t % 5 WHEN 0 THEN ARRAY['home', 't' || t % 50] WHEN 1 THEN ARRAY['work'] ELSE '{}' END,
         created_at, created_at + t * 7919 % 1000 * interval '1 minute', t
       FROM (SELECT t, now() - t * 7919 % $2 * interval '1 minute' - interval '1 day' AS created_at
             FROM generate_series(1::bigint, $2) AS t) AS numbered`,
      [user, count],
    );
  }
};

/** In the trash of each large user, as many of its tasks again at most. */
const deletedTasks = 50_000;

/** Fills the trash of the large users with copies of their tasks. The lists have to be prepared. */
export const fillTrash = async (client: Client): Promise<void> => {
  for (const user of Object.keys(largeUsers)) {
    await client.query(
      `INSERT INTO trashed_tasks (owner_id, id, title, description, completed, priority, due_date, tags, created_at, updated_at,
         title_folded, description_folded, text_revision, revision, deleted_at)
       SELECT owner_id, gen_random_uuid(), title, description, completed, priority, due_date, tags, tasks.created_at, updated_at,
         title_folded, description_folded, text_revision, owners.revision + row_number() OVER (), now()
       FROM (SELECT * FROM tasks WHERE owner_id = $1 LIMIT $2) AS tasks JOIN owners ON owners.id = owner_id`,
      [user, deletedTasks],
    );
    await client.query('UPDATE owners SET revision = revision + $2 WHERE id = $1', [user, deletedTasks]);
  }
};

/** A list, and the longest that it may take 95 of 100 times, in milliseconds. */
export interface MeasuredList {
  /** Below `/api/tasks`. */
  readonly target: string;
  readonly limitMs: number;
  /** The page to measure, from 1 on; it is reached by its cursor. */
  readonly page: number;
}

const list = (target: string, limitMs: number, page = 1): MeasuredList => ({ target, limitMs, page });

const orders = ['created_at', 'updated_at', 'title', 'due_date', 'priority'];

export const measuredLists: readonly MeasuredList[] = [
  list('?search=c4ca42', 20), // of one task
  list('?search=eb', 100),
  list('?search=apples', 20),
  list('?search=pap', 20),
  list('?search=MÜLLER', 20),
  list('?search=description of some', 20),
  list('?search=no task has this', 20),
  list('?search=xqz', 20),
  list('?search=e', 100),
  list('?search=qz', 100),
  list('?search=apples&status=pending&priority=high&sort_by=due_date', 100),
  list('?tag=t5&completed=false', 100),
  list('?tags=t5,work&search=milk&sort_by=title', 100),
  list('?due_after=2026-03-01&due_before=2026-03-08', 100),
  list('?due_before=2026-01-02&status=pending&sort_by=priority', 100),
  list('?priority=low&sort_by=updated_at&sort_order=asc', 100),
  ...orders.flatMap((by) =>
    ['asc', 'desc'].flatMap((order) => {
      const target = `?sort_by=${by}&sort_order=${order}`;
      return [list(target, 50), list(target, 50, 50)];
    }),
  ),
  list('?count=true', 100),
  list('?count=true&status=pending&search=milk', 100),
  list('?count=true&tag=work&due_after=2026-06-01', 100),
  list('/changes?since=0', 30),
  list('/changes?since=50000', 30),
  list('/changes?since=100000', 30),
  list('?page=500&limit=20&sort_by=title', 100),
  list('/trash', 50),
  list('/trash', 50, 50),
  list('/trash?limit=20', 20),
];

/** The size of each index of large lists, in bytes for each of their tasks. */
export const bytesOfIndexes = async (client: Client): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await client.query<{ name: string; bytes: number }>(
    `SELECT indexrelid::regclass::text AS name,
       pg_relation_size(indexrelid)::float8 / (SELECT count(*) FROM tasks WHERE is_indexed) AS bytes
     FROM pg_index WHERE indrelid = 'tasks'::regclass AND pg_get_expr(indpred, indrelid) = 'is_indexed'
     ORDER BY 1`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
};
