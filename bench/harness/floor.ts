import pg from 'pg';
import { ownerName } from './owners.ts';
import { seededTaskId } from './seed.ts';
import { seed } from './scenarios.ts';

const list = {
  name: 'floor-list',
  text: `SELECT owners.revision AS owner_revision, task.* FROM owners LEFT JOIN LATERAL (
      SELECT * FROM tasks WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1001
    ) AS task ON true WHERE owners.id = $1`,
};
const get = { name: 'floor-get', text: 'SELECT * FROM tasks WHERE owner_id = $1 AND id = $2' };

/** The throughput of the database alone: prepared statements of a list and a get, on ten connections in a loop. */
export const measureFloor = async (
  url: string,
  seconds: number,
): Promise<Record<'list' | 'get', number>> => ({
  list: await perSecond(url, seconds, (n) => ({ ...list, values: [ownerName(n)] })),
  get: await perSecond(url, seconds, (n) => ({ ...get, values: [ownerName(n), seededTaskId(n, 1)] })),
});

const perSecond = async (
  url: string,
  seconds: number,
  query: (n: number) => pg.QueryConfig,
): Promise<number> => {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  let done = 0;
  const end = performance.now() + seconds * 1000;
  const work = async () => {
    while (performance.now() < end) {
      await pool.query(query(done % seed.owners));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: 10 }, work));
  await pool.end();
  return done / seconds;
};
