import { bitsOf, isReadable } from '../../checkpoint/index.js';
import type { Recipe, StoredRecipe, UnpackedRecipe } from '../../model/recipe/index.js';

/** Codes of at most eight bits, as a table can be looked up by them. */
export type CodesRecipe = StoredRecipe | UnpackedRecipe;

/** Where codes lie: a byte each, or two in a byte along rows, or eight in a word of four bytes down columns. */
export type CodeLayout =
  | { readonly kind: 'bytes' }
  /** Value `i` of a group is at place `order[i]` of its group. */
  | { readonly kind: 'nibbles-in-rows'; readonly order: readonly number[] }
  | { readonly kind: 'nibbles-in-columns' };

/** How a table is looked up by the codes of a recipe; null where there are more than a table is made of, or they lie otherwise. */
export function codeLayout(recipe: Recipe): CodeLayout | null {
  if (recipe.kind === 'stored') return isByte(recipe) ? { kind: 'bytes' } : null;
  if (recipe.kind !== 'unpacked' || recipe.bits !== 4) return null;
  if (recipe.axis === 1) return { kind: 'nibbles-in-rows', order: recipe.order.length === 0 ? [0, 1] : recipe.order };
  return bitsOf(recipe.tensor.dtype) === 32 && recipe.order.length === 0 ? { kind: 'nibbles-in-columns' } : null;
}

function isByte({ tensor: { dtype } }: StoredRecipe): boolean {
  return bitsOf(dtype) === 8 && (isReadable(dtype) || dtype === 'F8_E8M0');
}

/** Some codes in memory: row 0 and column 0 of them begin at `at`, in whole bytes; rows are `stride` bytes apart. */
export interface CodeBytes {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly stride: number;
}

// The loops below take their places one by one: an object for each call would cost as much as the values of a small block. `| 0` tells
// V8 that places are small integers; they come of divisions, and with floating-point places the loops take three times as long.

/** Looks up `count` bytes from `from` on, `stride` apart; values go to `to` and on, `step` apart. */
export function lookUpBytes(
  table: Float32Array,
  bytes: Uint8Array,
  from: number,
  stride: number,
  count: number,
  out: Float32Array,
  to: number,
  step: number,
): void {
  const length = count | 0;
  let [source, target] = [from | 0, to | 0];
  const [sourceStep, targetStep] = [stride | 0, step | 0];
  for (let i = 0; i < length; i++, source += sourceStep, target += targetStep) out[target] = table[bytes[source]!]!;
}

/** `count` codes along a row, two in a byte, the first in byte `from`. @param isSecond whether it is the second one of its byte */
export function lookUpRow(
  table: Float32Array,
  bytes: Uint8Array,
  from: number,
  isSecond: boolean,
  isHighFirst: boolean,
  count: number,
  out: Float32Array,
  to: number,
  step: number,
): void {
  const firstShift = isHighFirst ? 4 : 0;
  const secondShift = 4 - firstShift;
  const targetStep = step | 0;
  let [source, target, left] = [from | 0, to | 0, count | 0];
  if (isSecond) {
    out[target] = table[(bytes[source++]! >> secondShift) & 15]!;
    target += targetStep;
    left--;
  }
  for (; left > 1; left -= 2, target += 2 * targetStep) {
    const both = bytes[source++]!;
    out[target] = table[(both >> firstShift) & 15]!;
    out[target + targetStep] = table[(both >> secondShift) & 15]!;
  }
  if (left === 1) out[target] = table[(bytes[source]! >> firstShift) & 15]!;
}

/** Codes of one column that lie in rows: the same half of a byte in each. */
export function lookUpHalves(
  table: Float32Array,
  bytes: Uint8Array,
  from: number,
  stride: number,
  shift: number,
  count: number,
  out: Float32Array,
  to: number,
  step: number,
): void {
  const length = count | 0;
  let [source, target] = [from | 0, to | 0];
  const [sourceStep, targetStep, bits] = [stride | 0, step | 0, shift | 0];
  for (let i = 0; i < length; i++, source += sourceStep, target += targetStep) out[target] = table[(bytes[source]! >> bits) & 15]!;
}

/** Codes of one column of words, eight in each, from row `row` on; `from` is the place of the word that holds row 0. */
export function lookUpWords(
  table: Float32Array,
  bytes: Uint8Array,
  from: number,
  stride: number,
  row: number,
  count: number,
  out: Float32Array,
  to: number,
  step: number,
): void {
  const [origin, wordStep, targetStep, end] = [from | 0, stride | 0, step | 0, (row + count) | 0];
  let [i, target] = [row | 0, to | 0];
  for (; i < end && (i & 7) !== 0; i++, target += targetStep) out[target] = table[codeInWord(bytes, origin + (i >> 3) * wordStep, i & 7)]!;
  for (let word = origin + (i >> 3) * wordStep; i + 8 <= end; i += 8, word += wordStep) {
    for (let byte = word; byte < word + 4; byte++, target += 2 * targetStep) {
      const both = bytes[byte]!;
      out[target] = table[both & 15]!;
      out[target + targetStep] = table[both >> 4]!;
    }
  }
  for (; i < end; i++, target += targetStep) out[target] = table[codeInWord(bytes, origin + (i >> 3) * wordStep, i & 7)]!;
}

function codeInWord(bytes: Uint8Array, word: number, index: number): number {
  return (bytes[word + (index >> 1)]! >> ((index & 1) * 4)) & 15;
}
