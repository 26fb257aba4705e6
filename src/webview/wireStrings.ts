/** A list of strings as one text: distinct members one after another, their lengths, and which member stands where. */
export interface PackedStrings {
  readonly $strings: string;
  /** In UTF-16 code units. */
  readonly lengths: Uint32Array;
  readonly indices: Uint32Array;
}

export function packStrings(strings: readonly string[]): PackedStrings {
  const numbers = new Map<string, number>();
  const indices = new Uint32Array(strings.length);
  strings.forEach((text, position) => {
    const number = numbers.get(text) ?? numbers.size;
    if (number === numbers.size) numbers.set(text, number);
    indices[position] = number;
  });
  const distinct = [...numbers.keys()];
  return { $strings: distinct.join(''), lengths: Uint32Array.from(distinct, ({ length }) => length), indices };
}

export function isPackedStrings(value: object): value is PackedStrings {
  return '$strings' in value && 'lengths' in value && value.lengths instanceof Uint32Array;
}

export function unpackStrings({ $strings, lengths, indices }: PackedStrings): string[] {
  let start = 0;
  const distinct = Array.from(lengths, (length) => $strings.slice(start, (start += length)));
  return Array.from(indices, (index) => distinct[index] ?? '');
}
