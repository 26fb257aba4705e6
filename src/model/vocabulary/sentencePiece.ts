import { addedToken, type AddedToken, type CoreVocabulary } from './coreVocabulary.js';

/** Kinds of pieces in `sentencepiece_model.proto` that a text is searched for before it is split, or that no text becomes. */
const pieceKind = { control: 3, userDefined: 4, unused: 5 } as const;

/** What breaks the format, as a clause, with the byte at which it was found. */
export class SentencePieceFault extends Error {
  override readonly name = 'SentencePieceFault';

  constructor(
    readonly problem: string,
    readonly position: number,
  ) {
    super(`${problem} at byte ${position}`);
  }
}

interface Piece {
  readonly text: string;
  readonly kind: number;
}

/**
 * The pieces of a SentencePiece model in the order of their ids. Of the protobuf message `ModelProto` only field 1 (`pieces`, of
 * fields 1 `piece` and 3 `type`) is read, every other field is skipped.
 * @throws SentencePieceFault when the bytes are no protobuf message, or have no pieces
 */
export function readSentencePiece(bytes: Uint8Array): CoreVocabulary {
  const pieces: Piece[] = [];
  readFields(new ProtobufCursor(bytes), (cursor, field, wireType) => {
    if (field === 1 && wireType === wire.bytes) pieces.push(readPiece(cursor.message()));
    else cursor.skip(wireType);
  });
  if (pieces.length === 0) throw new SentencePieceFault('there are no pieces', 0);
  const words = new Map(pieces.map(({ text }, id) => [text, id]));
  const added = pieces.filter(({ kind }) => kind === pieceKind.control || kind === pieceKind.userDefined || kind === pieceKind.unused);
  return { words, size: pieces.length, added: added.map(addedPiece) };
}

function addedPiece({ text, kind }: Piece): AddedToken {
  return addedToken(text, kind !== pieceKind.userDefined);
}

function readPiece(cursor: ProtobufCursor): Piece {
  let text = '';
  let kind = 1;
  readFields(cursor, (inner, field, wireType) => {
    if (field === 1 && wireType === wire.bytes) text = inner.text();
    else if (field === 3 && wireType === wire.varint) kind = inner.varint();
    else inner.skip(wireType);
  });
  return { text, kind };
}

function readFields(cursor: ProtobufCursor, onField: (cursor: ProtobufCursor, field: number, wireType: number) => void): void {
  while (!cursor.isAtEnd) {
    const tag = cursor.varint();
    const field = Math.floor(tag / 8);
    if (field === 0) cursor.fail('a field has the number 0');
    onField(cursor, field, tag % 8);
  }
}

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A place in a protobuf message. */
class ProtobufCursor {
  #position: number;

  constructor(
    private readonly bytes: Uint8Array,
    start = 0,
    private readonly end = bytes.byteLength,
  ) {
    this.#position = start;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.end;
  }

  fail(problem: string): never {
    throw new SentencePieceFault(problem, this.#position);
  }

  /** An unsigned integer of up to ten bytes; what is beyond 2⁵³ loses digits, which no length and no kind is. */
  varint(): number {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      if (this.isAtEnd) this.fail('a number is cut off');
      const byte = this.bytes[this.#position++]!;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    return this.fail('a number has more than ten bytes');
  }

  message(): ProtobufCursor {
    const length = this.#take(this.varint());
    return new ProtobufCursor(this.bytes, this.#position - length, this.#position);
  }

  text(): string {
    const length = this.#take(this.varint());
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.#position - length, length).toString('utf8');
  }

  skip(wireType: number): void {
    if (wireType === wire.varint) this.varint();
    else if (wireType === wire.fixed64) this.#take(8);
    else if (wireType === wire.fixed32) this.#take(4);
    else if (wireType === wire.bytes) this.#take(this.varint());
    else this.fail(`a field has the unknown wire type ${wireType}`);
  }

  #take(length: number): number {
    if (length > this.end - this.#position) this.fail(`a field of ${length} bytes is cut off`);
    this.#position += length;
    return length;
  }
}
