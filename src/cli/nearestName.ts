/** Edits that a slip of the keyboard may need: a third of the word. */
const editsPerCharacter = 1 / 3;

/** @returns the name that a misspelt one most likely stands for; null when none is near */
export function nearestName(written: string, names: readonly string[]): string | null {
  const [nearest] = names
    .map((name) => ({ name, edits: name.startsWith(written) && written !== '' ? 0 : editDistance(written, name) }))
    .filter(({ name, edits }) => edits <= Math.max(written.length, name.length) * editsPerCharacter)
    .sort((a, b) => a.edits - b.edits);
  return nearest?.name ?? null;
}

/**
 * Insertions, deletions and replacements of a character and swaps of two neighbours that turn one text into another, no
 * character changed twice (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1, isSwap ? before[j - 2]! + 1 : Infinity));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
