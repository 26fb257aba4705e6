/** At most `limit` of a list's entries, evenly spread over it, in order. All of them where `limit` is null. */
export function evenlySpread<T>(list: readonly T[], limit: number | null): readonly T[] {
  if (limit === null || limit >= list.length) return list;
  return Array.from({ length: limit }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / limit)]!);
}
