import { expect } from 'chai';
import type { TaskPage } from '../../../../src/application/ports/task-repository.ts';
import { pageLinks } from '../../../../src/interfaces/http/tasks/lists/page-links.ts';
import { readListRequest } from '../../../../src/interfaces/task-representation/lists/read-list-request.ts';
import { instant, placeOf, revision, taskId } from '../../../support/tasks/tasks.ts';

/** A page that has a next one. */
const page: TaskPage = {
  tasks: [],
  next: placeOf({ createdAt: instant(0), id: taskId(1) }),
  total: null,
  revision: revision(1),
};

/** The relations and positions of the links. */
const linksFor = (query: string): readonly string[] =>
  [
    ...(pageLinks('/a', readListRequest(new URLSearchParams(query)), page) ?? '').matchAll(
      /<\/a\?([^&>]*)[^>]*>; rel="(\w+)"/g,
    ),
  ].map(([, position, relation]) => `${relation}: ${position}`);

describe('pageLinks', () => {
  const queries: readonly (readonly [query: string, links: readonly string[]])[] = [
    ['offset=99000', ['next: offset=100000', 'prev: offset=98000', 'first: offset=0']],
    ['offset=99001', ['prev: offset=98001', 'first: offset=0']],
    ['offset=99999&limit=1', ['next: offset=100000', 'prev: offset=99998', 'first: offset=0']],
    ['offset=100000&limit=1', ['prev: offset=99999', 'first: offset=0']],
    ['page=99999', ['next: page=100000', 'prev: page=99998', 'first: page=1']],
    ['page=99999&limit=7', ['next: page=100000', 'prev: page=99998', 'first: page=1']],
    ['page=100000', ['prev: page=99999', 'first: page=1']],
  ];
  for (const [query, links] of queries)
    it(`given a next page after ?${query}: ${links.join(', ')}`, () => {
      expect(linksFor(query)).to.deep.equal(links);
    });

  it('given text that is not safe in a URL or a header field: percent-encoded', () => {
    const query = new URLSearchParams({
      page: '1',
      search: '<a>; rel="next", é\r\n\\🥛&x=1#',
      tag: "it's (a) +",
    });
    expect(pageLinks('/a', readListRequest(query), page)).to.equal(
      ['page=2', 'page=1']
        .map(
          (position, index) =>
            `</a?${position}&status=all&limit=1000&tag=it's%20(a)%20%2B&search=%3Ca%3E%3B%20rel%3D%22next%22%2C%20%C3%A9%0D%0A` +
            `%5C%F0%9F%A5%9B%26x%3D1%23>; rel="${['next', 'first'][index] ?? ''}"`,
        )
        .join(', '),
    );
  });
});
