import { readFile } from 'node:fs/promises';
import { query } from '../sql.ts';

const page = new URL('../../../../docs/scaling.md', import.meta.url);

/** Partitions the empty tables of a migrated database by user, by the SQL that `docs/scaling.md` prints. */
export const partitionTables = async (url: string): Promise<void> => {
  const text = await readFile(page, 'utf8');
  const block = /^```sql\n(do \$\$.*?)^```$/ms.exec(text)?.[1];
  if (block === undefined) throw new Error('docs/scaling.md prints no SQL that partitions the tables');
  await query(url, block);
};
