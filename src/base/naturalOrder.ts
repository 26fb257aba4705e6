/**
 * A text whose plain order is the natural order of `name`: letters of either case alike, and each number by its value
 * (`layers.9` before `layers.10`), because its count of digits stands before them. All numbers begin with the same
 * character `0`, so that among other characters they stay where digits are. Decimals are two numbers: 0.5 comes before 0.25.
 */
function sortable(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (number) => {
    const digits = number.replace(/^0+(?=\d)/, '');
    return `0${String.fromCharCode(digits.length)}${digits}`;
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares names of layers, checkpoints and files as people order them: `checkpoint-500` before `checkpoint-10000`. */
export function compareNaturally(a: string, b: string): number {
  return compareText(sortable(a), sortable(b)) || compareText(a, b);
}

/** The items in natural order of their names; those of one name stay as they were. Faster than sorting with `compareNaturally`. */
export function inNaturalOrder<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const keyed = items.map((item) => {
    const name = nameOf(item);
    return { item, name, key: sortable(name) };
  });
  return keyed.sort((a, b) => compareText(a.key, b.key) || compareText(a.name, b.name)).map(({ item }) => item);
}

/** The place of each name in natural order, 0 first. */
export function naturalRanks(names: readonly string[]): Uint32Array {
  const ranks = new Uint32Array(names.length);
  inNaturalOrder([...names.keys()], (index) => names[index] ?? '').forEach((index, rank) => (ranks[index] = rank));
  return ranks;
}
