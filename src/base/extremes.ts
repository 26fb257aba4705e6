/** `Math.max` of any number of values: as arguments, a hundred thousand of them overflow the stack. −∞ for none. */
export function maxOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** `Math.min` of any number of values; ∞ for none. */
export function minOf(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}
