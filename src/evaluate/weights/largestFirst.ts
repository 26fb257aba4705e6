/**
 * Does all items, at most `limit` at a time and the largest first, so that the last ones to end are small.
 * @returns results in the order of the items
 */
export async function largestFirst<Item, Result>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  work: (item: Item) => Promise<Result>,
  limit: number,
): Promise<Result[]> {
  const waiting = [...items.entries()].sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
  const results = new Map<number, Result>();
  const pull = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.set(next[0], await work(next[1]));
  };
  await Promise.all(Array.from({ length: limit }, pull));
  return items.map((_, index) => results.get(index)!);
}
