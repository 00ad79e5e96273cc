import { hash } from 'node:crypto';
import type { TrashPage, TrashQuery } from '../../../../application/ports/trash.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { JsonRepresentation } from '../../routing/respond.ts';
import { toTrashedJson } from '../../../task-representation/task-json.ts';
import { encodeTrashCursor } from './trash-query.ts';

export const representTrash = (
  page: TrashPage,
  user: UserId,
  query: TrashQuery,
  basePath: string,
): JsonRepresentation => {
  const { tasks, next } = page;
  return {
    status: 200,
    entityTag: trashTag(page, user, query),
    json: () => JSON.stringify(tasks.map(toTrashedJson)),
    ...(next === null
      ? {}
      : {
          headers: {
            Link: `<${basePath}/trash?cursor=${encodeTrashCursor(next)}&limit=${query.limit}>; rel="next"`,
          },
        }),
  };
};

/**
 * Weak, of the user, the query and what is listed: a purge takes no revision, so that the counter of the user does not show it. A
 * task in the trash never changes.
 */
const trashTag = ({ tasks, next }: TrashPage, user: UserId, { limit, before }: TrashQuery): string => {
  const listed = tasks.map(({ id, revision, deletedAt }) => `${id} ${revision} ${deletedAt}`);
  const resource = ['trash', user, limit, before, next, ...listed].join('\0');
  return `W/"${hash('sha256', resource, 'base64url').slice(0, 22)}"`;
};
