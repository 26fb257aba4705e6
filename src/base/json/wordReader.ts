const longestWord = 16;
const slotCount = 256;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Decodes spans of a text. Short spans that occur again and again (a header says `data_offsets` once per tensor) are
 * recognised by their bytes and decoded once, which halves the time to read a large header.
 */
export class WordReader {
  private readonly slots: (Word | undefined)[] = new Array<Word | undefined>(slotCount).fill(undefined);

  constructor(private readonly text: Buffer) {}

  read(encoding: 'latin1' | 'utf8', start: number, end: number): string {
    const length = end - start;
    if (length === 0 || length > longestWord) return this.text.toString(encoding, start, end);
    const slot = (length * 37 + this.text[start]! * 5 + this.text[end - 1]!) % slotCount;
    const known = this.slots[slot];
    if (known?.length === length && this.isSame(known.start, start, length)) return known.text;
    const text = this.text.toString(encoding, start, end);
    this.slots[slot] = { text, start, length };
    return text;
  }

  private isSame(a: number, b: number, length: number): boolean {
    for (let index = 0; index < length; index++) {
      if (this.text[a + index] !== this.text[b + index]) return false;
    }
    return true;
  }
}
