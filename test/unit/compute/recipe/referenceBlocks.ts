import { blockTypes, type BlockType } from '../../../../src/checkpoint/index.js';
import { decodeToFloat64 } from '../../../../src/compute/reference/index.js';

/** Value `index` of a block, worked out by itself: `fround` after every operation, as float32 has it. */
type ValueOf = (block: DataView, index: number) => number;

const f = Math.fround;
const half = (block: DataView, at: number): number => decodeToFloat64('F16', new Uint8Array(block.buffer, block.byteOffset + at, 2), 1)[0]!;
/** Bits `[from, from + count)` of the block, counted from the lowest bit of its first byte. */
const bits = (block: DataView, from: number, count: number): number => {
  let value = 0;
  for (let i = 0; i < count; i++) value |= ((block.getUint8(Math.floor((from + i) / 8)) >> ((from + i) % 8)) & 1) << i;
  return value;
};

const valueOf: Partial<Record<BlockType, ValueOf>> = {
  Q4_1: (block, i) => f(f(half(block, 0) * bits(block, 32 + 8 * (i % 16) + 4 * Math.floor(i / 16), 4)) + half(block, 2)),
  Q8_0: (block, i) => f(half(block, 0) * block.getInt8(2 + i)),
  Q4_K: (block, i) => {
    const part = Math.floor(i / 32);
    // Scale and minimum of six bits: whole for the first four parts; of the others four bits follow, the high two lie above the first.
    const packed = (first: number, nibble: number): number =>
      part < 4
        ? bits(block, 8 * (first + part), 6)
        : bits(block, 8 * (8 + part) + nibble, 4) | (bits(block, 8 * (first + part - 4) + 6, 2) << 4);
    const code = bits(block, 8 * (16 + 32 * Math.floor(part / 2) + (i % 32)) + 4 * (part % 2), 4);
    return f(f(f(half(block, 0) * packed(4, 0)) * code) - f(half(block, 2) * packed(8, 4)));
  },
  Q6_K: (block, i) => {
    const [side, inSide] = [Math.floor(i / 128), i % 128];
    const low = bits(block, 8 * (64 * side + (inSide % 64)) + 4 * Math.floor(inSide / 64), 4);
    const high = bits(block, 8 * (128 + 32 * side + (inSide % 32)) + 2 * Math.floor(inSide / 32), 2);
    return f(f(half(block, 208) * block.getInt8(192 + Math.floor(i / 16))) * ((low | (high << 4)) - 32));
  },
};

/** Element `flat` of blocks that follow each other. */
export function blockElement(type: BlockType, bytes: Uint8Array, flat: number): number {
  const { values, bytes: size } = blockTypes[type];
  const block = new DataView(bytes.buffer, bytes.byteOffset + Math.floor(flat / values) * size, size);
  return valueOf[type]!(block, flat % values);
}
