/**
 * Shares items out so that the shares are about equally large: the largest item first, each to the share that has least.
 * @returns indices of the items of each share; shares without items are left out
 */
export function shareOut(sizes: readonly number[], shareCount: number): number[][] {
  const shares = Array.from({ length: shareCount }, () => ({ size: 0, items: [] as number[] }));
  const bySize = [...sizes.entries()].sort(([, a], [, b]) => b - a);
  for (const [item, size] of bySize) {
    const least = shares.reduce((smallest, share) => (share.size < smallest.size ? share : smallest));
    least.items.push(item);
    least.size += size;
  }
  return shares.map(({ items }) => items).filter((items) => items.length > 0);
}
