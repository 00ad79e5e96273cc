/** Does the work for every item, `size` items at a time, and returns the results in the order of the items. */
export const inBatches = async <Item, Result>(
  size: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size)
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  return results;
};

/** The numbers from 0 to `count` - 1. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
