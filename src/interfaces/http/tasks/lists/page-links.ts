import type { TaskPage } from '../../../../application/ports/task-repository.ts';
import { encodeCursor } from '../../../task-representation/lists/cursor.ts';
import { maxOffset, maxPage } from '../../../task-representation/lists/list-parameters.ts';
import type { ListRequest } from '../../../task-representation/lists/read-list-request.ts';

/** Other pages of a list: what each is to this one (RFC 8288), and the parameter that leads to it. */
type Pages = readonly (readonly [relation: 'next' | 'prev' | 'first', position: string])[];

/** The `Link` to other pages (RFC 8288), which clients follow as it is; undefined where there are none. */
export const pageLinks = (basePath: string, request: ListRequest, page: TaskPage): string | undefined => {
  const links = pagesOf(request, page).map(
    ([relation, position]) => `<${basePath}?${position}&${request.parameters}>; rel="${relation}"`,
  );
  return links.length === 0 ? undefined : links.join(', ');
};

const pagesOf = ({ query, paging }: ListRequest, { next }: TaskPage): Pages => {
  const { selection, limit, offset } = query;
  const hasNext = next !== null;
  switch (paging) {
    case 'cursor':
      return hasNext ? [['next', `cursor=${encodeCursor(selection, next)}`]] : [];
    case 'offset':
      return numbered(paging, { at: offset, step: limit, first: 0, last: maxOffset }, hasNext);
    case 'page':
      return numbered(paging, { at: offset / limit + 1, step: 1, first: 1, last: maxPage }, hasNext);
  }
};

interface Numbers {
  readonly at: number;
  readonly step: number;
  readonly first: number;
  /** The largest number that is allowed. */
  readonly last: number;
}

const numbered = (name: 'offset' | 'page', { at, step, first, last }: Numbers, hasNext: boolean): Pages => [
  ...(hasNext && at + step <= last ? [['next', `${name}=${at + step}`] as const] : []),
  ...(at > first ? [['prev', `${name}=${Math.max(first, at - step)}`] as const] : []),
  ['first', `${name}=${first}`],
];
