import { packedLattices } from './packedLattices.js';

export type Lattice = keyof typeof packedLattices;

/** Values that the packed digits of each lattice stand for, and how many bits a digit takes. */
const digitsOf: Readonly<Record<Lattice, { readonly bits: 2 | 4; readonly values: readonly number[] }>> = {
  IQ2_XXS: { bits: 2, values: [8, 25, 43] },
  IQ2_XS: { bits: 2, values: [8, 25, 43] },
  IQ2_S: { bits: 2, values: [8, 25, 43] },
  IQ3_XXS: { bits: 4, values: [4, 12, 20, 28, 36, 44, 52, 62] },
  IQ3_S: { bits: 4, values: [1, 3, 5, 7, 9, 11, 13, 15] },
  IQ1_S: { bits: 2, values: [-1, 0, 1] },
};

const unpacked = new Map<Lattice, Int8Array>();

/** Values of all points of a lattice, one point after the other. */
export function latticePoints(lattice: Lattice): Int8Array {
  const known = unpacked.get(lattice);
  if (known !== undefined) return known;
  const { bits, values } = digitsOf[lattice];
  const packed = Buffer.from(packedLattices[lattice], 'base64');
  const perByte = 8 / bits;
  const digit = (i: number): number => (packed[Math.floor(i / perByte)]! >> (bits * (i % perByte))) & (2 ** bits - 1);
  const points = Int8Array.from({ length: packed.byteLength * perByte }, (_, i) => values[digit(i)]!);
  unpacked.set(lattice, points);
  return points;
}

/** Signs of eight values by their number of seven bits: the eighth makes the number of minus signs even. */
export const signsOf = Uint8Array.from({ length: 128 }, (_, number) => {
  let parity = 0;
  for (let rest = number; rest !== 0; rest >>= 1) parity ^= rest & 1;
  return number | (parity << 7);
});
