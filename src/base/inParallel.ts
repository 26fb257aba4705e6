/** Files that one job has at work beside each other: more helps on network disks, fewer spares descriptors and memory. */
const maxAtOnce = 8;

/**
 * `Promise.all(items.map(work))` with at most eight at work, so that the number of items is no number of open files.
 * @returns the results in the items' order; rejects with the first failure, after which nothing new is begun
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const remaining = items.entries();
  let failed = false;
  const takeTurns = async (): Promise<void> => {
    for (const [index, item] of remaining) {
      if (failed) return;
      results[index] = await work(item, index);
    }
  };
  const turns = Array.from({ length: Math.min(maxAtOnce, items.length) }, takeTurns);
  await Promise.all(turns).catch((error: unknown) => {
    failed = true;
    throw error;
  });
  return results;
}
