/** A tail longer than this is not kept whole. */
const longestTail = 32;

/**
 * A tensor name in two parts: names differ in the middle and at the end, so where room is short the head loses its end
 * and the tail (the last two segments) stays.
 */
export function nameParts(name: string): { head: string; tail: string } {
  const cut = name.lastIndexOf('.', name.lastIndexOf('.') - 1);
  if (cut <= 0 || name.length - cut > longestTail) return { head: name, tail: '' };
  return { head: name.slice(0, cut), tail: name.slice(cut) };
}
