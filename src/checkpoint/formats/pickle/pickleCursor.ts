/** A pickle that cannot be read, as a clause with the byte where it shows. */
export class PickleFault extends Error {
  constructor(
    readonly problem: string,
    readonly position: number,
    /** Whether more bytes might mend it. */
    readonly isCut = false,
  ) {
    super(problem);
  }
}

/** Digits of a number that is written as text, or bytes of one that is not: more is no number that a checkpoint has. */
const maxNumberLength = 1024;

/** Walks through the bytes of a pickle. Every read is checked. @throws PickleFault */
export class PickleCursor {
  position = 0;
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(problem: string): never {
    throw new PickleFault(problem, this.position);
  }

  byte(): number {
    return this.bytes[this.#advance(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length: what is over 2^53 cannot fit anyway. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return decodeText(this.take(length));
  }

  /** Up to the end of the line, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new PickleFault('a line does not end', this.bytes.byteLength, true);
    const line = this.text(end - this.position);
    this.position++;
    return line;
  }

  /** A signed integer in little-endian bytes. */
  integer(length: number): number | bigint {
    if (length > maxNumberLength) this.fail(`a number of ${length} bytes`);
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return narrow(length > 0 && bytes[length - 1]! >= 0x80 ? value - (1n << BigInt(8 * length)) : value);
  }

  /** An integer that is written as text. */
  decimal(text: string): number | bigint {
    if (!/^[+-]?\d+$/.test(text) || text.length > maxNumberLength) this.fail('a number that is none');
    return narrow(BigInt(text.replace('+', '')));
  }

  #advance(length: number): number {
    const start = this.position;
    if (!(length >= 0 && length <= this.bytes.byteLength - start))
      throw new PickleFault('the pickle ends within a value', start, length >= 0);
    this.position = start + length;
    return start;
  }
}

function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Python 2 wrote bytes where text is meant: what is no UTF-8 is taken as Latin-1. */
function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}
