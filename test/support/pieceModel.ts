/** The bytes of a SentencePiece model with these pieces: text, and kind (1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte). */
export function pieceModel(...pieces: readonly (readonly [text: string, kind: number])[]): Buffer {
  return Buffer.concat(
    pieces.map(([text, kind]) => field(1, Buffer.concat([field(1, Buffer.from(text)), Buffer.from([0x15, 0, 0, 0, 0, 0x18, kind])]))),
  );
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}
