import { FormatError } from '../../../base/formatError.js';

export const remedy = 'The file is damaged or incomplete: download or export it again.';

/** Thrown when the bytes at hand end before what is read; the file goes on. */
export class NeedMoreBytes extends Error {
  /** @param end of what is asked for, in the file */
  constructor(readonly end: number) {
    super('more bytes are needed');
  }
}

/** What a fault of the header lies in. */
export interface Place {
  readonly tensor?: string;
  readonly key?: string;
}

/**
 * Reads little-endian values from the start of a file, of which some bytes are at hand. Nothing outside the file or beyond the limit
 * of a header is asked for.
 */
export class GgufCursor {
  position = 0;
  readonly #view: DataView;

  constructor(
    readonly file: string,
    private readonly bytes: Uint8Array,
    private readonly fileLength: number,
    private readonly maxHeaderBytes: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  view(byteLength: number): DataView {
    const start = this.#take(byteLength);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, byteLength);
  }

  /** A length in 64 bits, then so many bytes. @param what it is, for messages */
  string(what: string, maxBytes: number, place: Place = {}): Uint8Array {
    const length = this.count(what, 1, maxBytes, place);
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  /**
   * A number of things of at least `minBytes` each, which the rest of the file has room for.
   * @throws FormatError when there are more than the file or the limit allows
   */
  count(what: string, minBytes: number, max: number, place: Place = {}): number {
    const at = this.position;
    const count = this.u64();
    const room = Math.floor((this.fileLength - this.position) / minBytes);
    if (count > BigInt(max)) this.fail(`${what} is over the limit`, { at, expected: `at most ${max}`, actual: `${count}` }, place);
    if (count > BigInt(room)) this.fail(`${what} leaves the file`, { at, expected: `at most ${room}`, actual: `${count}` }, place);
    return Number(count);
  }

  skip(byteLength: number): void {
    this.#take(byteLength);
  }

  fail(problem: string, { at, expected, actual }: { at: number; expected?: string; actual?: string }, place: Place = {}): never {
    const { tensor, key } = place;
    throw new FormatError({
      file: this.file,
      ...(tensor === undefined ? {} : { tensor }),
      problem: key === undefined ? problem : `${problem} (key ${JSON.stringify(key.slice(0, 120))})`,
      offset: at,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
      remedy,
    });
  }

  /** Moves on over so many bytes. @returns where they begin */
  #take(byteLength: number): number {
    const start = this.position;
    const end = start + byteLength;
    if (end > this.fileLength)
      this.fail('file ends within its header', { at: start, expected: `${byteLength} bytes`, actual: `${this.fileLength - start}` });
    if (end > this.maxHeaderBytes)
      this.fail('header is over the limit', { at: start, expected: `at most ${this.maxHeaderBytes} bytes of metadata and tensor entries` });
    if (end > this.bytes.byteLength) throw new NeedMoreBytes(end);
    this.position = end;
    return start;
  }
}
