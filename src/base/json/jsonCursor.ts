/** A fault in JSON text: where, and what was found there. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';

  constructor(
    readonly problem: string,
    /** Byte offset in the scanned bytes. */
    readonly position: number,
  ) {
    super(`${problem} at byte ${position}`);
  }
}

/** A place in JSON text that was validated as UTF-8. */
export class JsonCursor {
  position = 0;
  readonly text: Buffer;

  constructor(readonly bytes: Uint8Array) {
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The byte at the cursor, -1 at the end. */
  get byte(): number {
    return this.bytes[this.position] ?? -1;
  }

  /** Moves to the next byte that is not white space and returns it, -1 at the end. */
  peek(): number {
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte ?? -1;
      this.position++;
    }
  }

  /** Consumes the byte at the cursor if it is this one. */
  skip(byte: number): boolean {
    if (this.bytes[this.position] !== byte) return false;
    this.position++;
    return true;
  }

  /** ASCII text from `start` to the cursor. */
  since(start: number): string {
    return this.text.toString('latin1', start, this.position);
  }

  fail(problem: string, position = this.position): never {
    throw new JsonFault(problem, position);
  }

  /** What stands at the cursor, for messages. */
  found(): string {
    const { byte } = this;
    if (byte === -1) return 'the end of the header';
    return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  }
}
