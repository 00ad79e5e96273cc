import type { TaskPage, TaskQuery } from '../../../../application/ports/task-repository.ts';
import { encodeCursor } from './cursor.ts';

/** The `Link` to the next page (RFC 8288), or undefined on the last page. */
export const nextPageLink = (
  basePath: string,
  { selection, limit }: TaskQuery,
  { next }: TaskPage,
): string | undefined =>
  next === null
    ? undefined
    : `<${basePath}?cursor=${encodeCursor(selection, next)}&status=${selection.filter.status}&limit=${limit}>; rel="next"`;
