/**
 * Runs `work` on every item with at most `lookAhead` in flight, and yields the results in the items' order.
 * Order makes floating-point sums independent of the schedule. The first failure ends the iteration.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  lookAhead: number,
): AsyncGenerator<{ item: Item; result: Result }> {
  const flight: { item: Item; result: Promise<Result> }[] = [];
  for (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // reported when its turn comes; until then it must not count as unhandled
    flight.push({ item, result });
    if (flight.length >= lookAhead) yield await first(flight);
  }
  while (flight.length > 0) yield await first(flight);
}

async function first<Item, Result>(flight: { item: Item; result: Promise<Result> }[]): Promise<{ item: Item; result: Result }> {
  const { item, result } = flight.shift()!;
  return { item, result: await result };
}
