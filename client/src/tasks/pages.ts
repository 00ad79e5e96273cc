import type { Send } from '../requests/send.ts';

/** A part of a list. */
export interface Page<Item> {
  readonly items: Item[];
  /** With `count: true`, the number of all tasks that meet the conditions; otherwise null. */
  readonly total: number | null;
  /** Whether there are more pages. */
  readonly hasMore: boolean;
}

/** A list that is read page by page, each page when it is needed: `for await (const task of list)`. */
export interface List<Item> extends AsyncIterable<Item> {
  /** The same by pages. For a button "More": keep the iterator, and call `next()` for each page. */
  pages(): AsyncGenerator<Page<Item>, void>;
}

/** Values of a query; undefined ones are left out, arrays are joined by commas. */
type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export const searchOf = (query: Query): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search.toString()}`;
};

export const listOf = <Item>(
  send: Send,
  path: string,
  query: Query,
  readItems: (response: Response) => Promise<Item[]>,
  signal: AbortSignal | undefined,
): List<Item> => {
  const pages = async function* (): AsyncGenerator<Page<Item>, void> {
    const next: { search: string | null } = { search: searchOf(query) };
    while (next.search !== null)
      yield await send({
        method: 'GET',
        path: path + next.search,
        signal,
        read: async (response) => {
          const items = await readItems(response);
          const total = response.headers.get('X-Total-Count');
          next.search = nextSearch(response);
          return { items, total: total === null ? null : Number(total), hasMore: next.search !== null };
        },
      });
  };
  return {
    pages,
    [Symbol.asyncIterator]: async function* () {
      for await (const { items } of pages()) yield* items;
    },
  };
};

/** The query of the next page. The rest of the link is not used, so the token is sent to the address of the service only. */
const nextSearch = ({ headers, url }: Response): string | null => {
  const [, target] = /<([^>]*)>; rel="next"/.exec(headers.get('Link') ?? '') ?? [];
  return target === undefined ? null : new URL(target, url || 'http://localhost').search;
};
