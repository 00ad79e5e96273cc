import { z } from 'zod';
import type { TrashQuery } from '../../../../application/ports/trash.ts';
import { isRevision, type Revision } from '../../../../domain/task.ts';
import { InvalidInput } from '../../../task-representation/invalid-input.ts';
import { aliasOf, listParameters, maxLimit } from '../../../task-representation/lists/list-parameters.ts';
import { queryReader } from '../../../task-representation/lists/query-reader.ts';

const parameters = {
  limit: listParameters.limit,
  cursor: z.string().optional().meta({
    description:
      'Where to go on, from the `Link` of the page before; opaque. Tasks that stay in the trash are neither skipped nor repeated.',
  }),
};

const aliases = { page_size: 'limit', per_page: 'limit' } as const;

/** The query parameters of the trash, for the OpenAPI document; any other parameter is ignored. */
export const trashParameters = z.object({
  ...parameters,
  page_size: aliasOf('limit'),
  per_page: aliasOf('limit'),
});

const readerOf = queryReader<keyof typeof parameters>(aliases);

/** Throws `invalid_query`, or `invalid_cursor` where the cursor alone is wrong; with all problems at once. */
export const readTrashQuery = (search: URLSearchParams): TrashQuery => {
  const { read, problems } = readerOf(search);
  const limit = read('limit', parameters.limit) ?? maxLimit;
  const cursor = read('cursor', parameters.cursor);
  const before = cursor === undefined ? null : decodeTrashCursor(cursor);
  const hasBadCursor = cursor !== undefined && before === null;
  const code = hasBadCursor && problems.length === 0 ? 'invalid_cursor' : 'invalid_query';
  if (hasBadCursor) problems.push({ field: 'cursor', message: 'is not one of this list' });
  if (problems.length > 0) throw new InvalidInput(code, problems);
  return { limit, before };
};

/** A position in a trash, which carries no authority, as those of lists. No list has such a cursor. */
export const encodeTrashCursor = (before: Revision): string =>
  Buffer.from(`trash ${before}`).toString('base64url');

const maxCursorLength = 30;

const decodeTrashCursor = (cursor: string): Revision | null => {
  if (cursor.length > maxCursorLength) return null;
  const digits = /^trash (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  const revision = Number(digits);
  return isRevision(revision) && encodeTrashCursor(revision) === cursor ? revision : null;
};
