import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { bitsOf, blockTypes, type BlockType, type Dtype, type Tensor } from '../../../../src/checkpoint/index.js';
import { modifiedAtOf } from '../../../../src/base/modifiedAt.js';
import { FileReader } from '../../../../src/compute/fileReader.js';
import { decodeToFloat64, encodeFromFloat64 } from '../../../../src/compute/reference/index.js';
import { RecipeReader } from '../../../../src/compute/recipe/index.js';
import type { RecipeSlice } from '../../../../src/compute/task.js';
import { shapeOf, valueDtype, type Recipe } from '../../../../src/model/recipe/index.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import { anyBits, weights } from '../support/chunks.js';
import { referenceValues, type StoredBytes } from './referenceRecipe.js';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Tensors in one file, and recipes over them. */
class Store {
  readonly bytes = new Map<string, Uint8Array>();
  #length = 0;

  add(dtype: Dtype, shape: readonly number[], content?: Uint8Array): Tensor {
    const byteLength = (sizeOf(shape) * bitsOf(dtype)) / 8;
    const seed = this.bytes.size + 1;
    const filled = content ?? (seed % 3 === 0 ? anyBits : weights)(dtype, sizeOf(shape), seed);
    const tensor = { name: `t${seed}`, dtype, shape, elementCount: sizeOf(shape), shard: 0, start: this.#length, byteLength };
    this.bytes.set(tensor.name, filled);
    this.#length += byteLength;
    return tensor;
  }

  stored(dtype: Dtype, ...shape: number[]): Recipe {
    return { kind: 'stored', tensor: this.add(dtype, shape) };
  }
}

async function withReader(
  store: Store,
  body: (slice: (recipe: Recipe, first: number, count: number) => Float64Array) => void,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, 'tensors');
    await writeFile(path, Buffer.concat([...store.bytes.values()]));
    const { size, mtimeNs } = await stat(path, { bigint: true });
    const file = { path, byteLength: Number(size), modifiedAt: modifiedAtOf({ mtimeNs }) };
    const files = new FileReader();
    const reader = new RecipeReader(files);
    body((recipe, first, count) => readSlice(reader, recipe, { 0: file }, first, count));
    files.close();
  });
}

function readSlice(reader: RecipeReader, recipe: Recipe, files: RecipeSlice['files'], first: number, count: number): Float64Array {
  const dtype = valueDtype(recipe);
  const target = new Uint8Array(count * (dtype === 'F32' ? 4 : 8));
  reader.read({ recipe, files, tensor: 'w', dtype, first, byteLength: target.byteLength }, target);
  return Float64Array.from(dtype === 'F32' ? new Float32Array(target.buffer) : new Float64Array(target.buffer));
}

function assertEqual(actual: Float64Array, expected: Float64Array, title: string): void {
  assert.equal(actual.length, expected.length, title);
  const place = actual.findIndex((value, i) => !Object.is(value, expected[i]) && !(Number.isNaN(value) && Number.isNaN(expected[i])));
  if (place >= 0) assert.fail(`${title}: element ${place} is ${actual[place]}, not ${expected[place]}`);
}

/** The whole, and ranges that cut rows and blocks. */
async function assertConforms(store: Store, recipe: Recipe, bytes: StoredBytes = store.bytes): Promise<void> {
  const expected = referenceValues(recipe, bytes);
  const count = expected.length;
  assert.equal(count, sizeOf(shapeOf(recipe)));
  await withReader(store, (slice) => {
    assertEqual(slice(recipe, 0, count), expected, 'whole');
    fc.assert(
      fc.property(fc.nat({ max: count }), fc.nat({ max: count }), (x, y) => {
        const [first, end] = [Math.min(x, y), Math.max(x, y)];
        assertEqual(slice(recipe, first, end - first), expected.slice(first, end), `elements ${first} to ${end}`);
      }),
      { seed: 7, numRuns: 60 },
    );
  });
}

/** Random blocks, of which every scale is a number. */
function blocks(store: Store, type: BlockType, ...shape: number[]): Recipe {
  const { values, bytes } = blockTypes[type];
  const rowBytes = (shape.at(-1)! / values) * bytes;
  const content = anyBits('U8', sizeOf(shape.slice(0, -1)) * rowBytes, 3);
  const high = type === 'Q6_K' ? [209] : [1, 3];
  for (let at = 0; at < content.length; at += bytes) for (const byte of high) content[at + byte] = (content[at + byte]! & 0x83) | 0x20;
  return { kind: 'blocks', tensor: store.add('U8', [...shape.slice(0, -1), rowBytes], content), shape, type };
}

const part = (of: Recipe, axis: number, first: number, count: number, step = 1): Recipe => ({ kind: 'part', of, axis, first, count, step });

const cases: Readonly<Record<string, (store: Store) => Recipe>> = {
  'stored BF16': (s) => s.stored('BF16', 7, 13),
  'stored F16': (s) => s.stored('F16', 5, 9),
  'stored F64': (s) => s.stored('F64', 4, 6),
  'stored F8_E4M3': (s) => s.stored('F8_E4M3', 6, 11),
  'stored I64, a vector': (s) => s.stored('I64', 19),
  'a scalar': (s) => s.stored('F32'),
  nothing: (s) => s.stored('F32', 0, 5),
  'strided: a transposed view with an offset': (s) => ({
    kind: 'strided',
    tensor: s.add('F32', [60]),
    shape: [5, 8],
    strides: [1, 6],
    offset: 7,
  }),
  'strided: three axes, every second element': (s) => ({
    kind: 'strided',
    tensor: s.add('BF16', [100]),
    shape: [2, 3, 4],
    strides: [40, 10, 2],
    offset: 1,
  }),
  'strided: broadcast': (s) => ({ kind: 'strided', tensor: s.add('F16', [9]), shape: [4, 3], strides: [0, 2], offset: 2 }),
  reshaped: (s) => ({ kind: 'reshaped', of: s.stored('F32', 6, 8), shape: [4, 12] }),
  'reshaped to a vector': (s) => ({ kind: 'reshaped', of: s.stored('F32', 6, 8), shape: [48] }),
  'rows of a fused tensor': (s) => part(s.stored('BF16', 12, 7), 0, 4, 5),
  'columns of a fused tensor': (s) => part(s.stored('BF16', 7, 12), 1, 4, 5),
  'every second row': (s) => part(s.stored('BF16', 12, 7), 0, 1, 6, 2),
  'every third column': (s) => part(s.stored('BF16', 5, 12), 1, 2, 3, 3),
  'rows within each expert': (s) => part(s.stored('F16', 3, 8, 5), 1, 4, 4),
  'one expert': (s) => part(s.stored('F16', 3, 8, 5), 0, 1, 1),
  'part of a vector': (s) => part(s.stored('F32', 20), 0, 3, 9, 2),
  'experts stacked': (s) => ({ kind: 'stack', of: [s.stored('BF16', 4, 6), s.stored('F16', 4, 6), s.stored('F32', 4, 6)] }),
  'vectors stacked': (s) => ({ kind: 'stack', of: [s.stored('BF16', 6), s.stored('BF16', 6)] }),
  'scalars stacked': (s) => ({ kind: 'stack', of: [s.stored('F32'), s.stored('F32'), s.stored('F32')] }),
  'qkv concatenated': (s) => ({
    kind: 'concatenation',
    axis: 0,
    of: [s.stored('BF16', 8, 5), s.stored('BF16', 2, 5), s.stored('BF16', 2, 5)],
  }),
  'concatenated within each expert': (s) => ({
    kind: 'concatenation',
    axis: 1,
    of: [s.stored('BF16', 2, 3, 5), s.stored('BF16', 2, 4, 5)],
  }),
  'concatenated side by side': (s) => ({ kind: 'concatenation', axis: 1, of: [s.stored('BF16', 4, 3), s.stored('F64', 4, 5)] }),
  'biases concatenated': (s) => ({ kind: 'concatenation', axis: 0, of: [s.stored('BF16', 3), s.stored('BF16', 5)] }),
  transposed: (s) => ({ kind: 'transposed', of: s.stored('F32', 9, 14) }),
  'experts transposed': (s) => ({ kind: 'transposed', of: s.stored('BF16', 3, 5, 7) }),
  'rotary rows regrouped': (s) => ({ kind: 'regrouped', of: s.stored('F16', 16, 5), first: 2, second: 4 }),
  'rotary bias regrouped': (s) => ({ kind: 'regrouped', of: s.stored('F16', 24), first: 4, second: 2 }),
  'rows gathered by an index': (s) => ({
    kind: 'gathered',
    of: s.stored('F16', 4, 6),
    indices: s.add('I32', [9], new Uint8Array(Int32Array.of(0, 3, 3, 1, 2, 0, 1, 1, 2).buffer)),
  }),
  'four bits along the rows': (s) => ({
    kind: 'unpacked',
    tensor: s.add('U8', [6, 5], anyBits('U8', 30, 3)),
    shape: [6, 10],
    bits: 4,
    axis: 1,
    order: [],
  }),
  'four bits, the high one first': (s) => ({
    kind: 'unpacked',
    tensor: s.add('U8', [30, 1], anyBits('U8', 30, 4)),
    shape: [6, 10],
    bits: 4,
    axis: 1,
    order: [1, 0],
  }),
  'four bits in the order of AWQ': (s) => ({
    kind: 'unpacked',
    tensor: s.add('I32', [5, 3], anyBits('I32', 15, 5)),
    shape: [5, 24],
    bits: 4,
    axis: 1,
    order: [0, 4, 1, 5, 2, 6, 3, 7],
  }),
  'three bits along the rows, padded': (s) => ({
    kind: 'unpacked',
    tensor: s.add('U32', [4, 3], anyBits('U32', 12, 6)),
    shape: [4, 30],
    bits: 3,
    axis: 1,
    order: [],
  }),
  'six bits along the rows': (s) => ({
    kind: 'unpacked',
    tensor: s.add('U32', [4, 3], anyBits('U32', 12, 6)),
    shape: [4, 16],
    bits: 6,
    axis: 1,
    order: [],
  }),
  'four bits down the columns': (s) => ({
    kind: 'unpacked',
    tensor: s.add('I32', [3, 7], anyBits('I32', 21, 7)),
    shape: [24, 7],
    bits: 4,
    axis: 0,
    order: [],
  }),
  'three bits down the columns, across words': (s) => ({
    kind: 'unpacked',
    tensor: s.add('I32', [3, 5], anyBits('I32', 15, 8)),
    shape: [32, 5],
    bits: 3,
    axis: 0,
    order: [],
  }),
  'eight bits down the columns': (s) => ({
    kind: 'unpacked',
    tensor: s.add('I32', [3, 5], anyBits('I32', 15, 9)),
    shape: [12, 5],
    bits: 8,
    axis: 0,
    order: [],
  }),
  'blocks of 32, signed bytes': (s) => blocks(s, 'Q8_0', 5, 96),
  'blocks of 32 with a minimum': (s) => blocks(s, 'Q4_1', 3, 64),
  'blocks of 256': (s) => blocks(s, 'Q4_K', 3, 512),
  'blocks of 256 in a vector': (s) => blocks(s, 'Q6_K', 768),
  'blocks of experts': (s) => blocks(s, 'Q8_0', 2, 3, 64),
  'rows of blocks regrouped': (s) => ({ kind: 'regrouped', of: blocks(s, 'Q8_0', 8, 64), first: 2, second: 2 }),
  'rows of blocks, shifted': (s) => ({ kind: 'affine', of: part(blocks(s, 'Q4_K', 6, 256), 0, 1, 2, 2), scale: 1, shift: -1 }),
  'blocks transposed': (s) => ({ kind: 'transposed', of: blocks(s, 'Q4_1', 40, 64) }),
  'one expert of blocks': (s) => part(blocks(s, 'Q8_0', 3, 4, 32), 0, 1, 1),
  'columns of blocks': (s) => part(blocks(s, 'Q8_0', 5, 96), 1, 17, 45),
  'a code book': (s) => ({
    kind: 'lookup',
    of: { kind: 'unpacked', tensor: s.add('U8', [4, 3], anyBits('U8', 12, 2)), shape: [4, 6], bits: 4, axis: 1, order: [] },
    table: Array.from({ length: 16 }, (_, i) => Math.sin(i)),
  }),
  'a stored code book': (s) => ({ kind: 'lookup', of: s.stored('U8', 3, 4), table: { kind: 'stored', tensor: s.add('F32', [256]) } }),
  'scales of blocks that do not divide': (s) => ({
    kind: 'blockwise',
    operation: 'multiply',
    of: s.stored('F8_E4M3', 10, 21),
    by: s.stored('F32', 3, 3),
    blockRows: 4,
    blockColumns: 8,
  }),
  'scales of blocks, of each expert': (s) => ({
    kind: 'blockwise',
    operation: 'multiply',
    of: s.stored('F8_E4M3', 2, 10, 21),
    by: s.stored('F32', 2, 3, 3),
    blockRows: 4,
    blockColumns: 8,
  }),
  'zero points of each row': (s) => ({
    kind: 'blockwise',
    operation: 'subtract',
    of: s.stored('I8', 6, 9),
    by: s.stored('I8', 6, 1),
    blockRows: 1,
    blockColumns: 9,
  }),
  'divided by one scale': (s) => ({
    kind: 'blockwise',
    operation: 'divide',
    of: s.stored('BF16', 6, 9),
    by: s.stored('F32', 1, 1),
    blockRows: 6,
    blockColumns: 9,
  }),
  'biases of each column': (s) => ({
    kind: 'blockwise',
    operation: 'add',
    of: s.stored('BF16', 6, 9),
    by: s.stored('F32', 1, 9),
    blockRows: 6,
    blockColumns: 1,
  }),
  'low rank': (s) => ({ kind: 'low-rank', scale: 2, b: s.stored('F32', 9, 4), a: s.stored('BF16', 4, 11) }),
  'base and low rank': (s) => ({
    kind: 'sum',
    of: [s.stored('BF16', 9, 11), { kind: 'low-rank', scale: 0.5, b: s.stored('F32', 9, 4), a: s.stored('F32', 4, 11) }],
  }),
  'directions of rows': (s) => ({ kind: 'normalised', of: s.stored('BF16', 9, 11) }),
  'directions of columns': (s) => ({ kind: 'transposed', of: { kind: 'normalised', of: s.stored('F32', 9, 11) } }),
  'stored plus one': (s) => ({ kind: 'affine', of: s.stored('F32', 40), scale: 1, shift: 1 }),
  'rounded to BF16': (s) => ({ kind: 'rounded', of: s.stored('F64', 9, 40), dtype: 'BF16' }),
  'rounded to F16': (s) => ({ kind: 'rounded', of: s.stored('F64', 9, 40), dtype: 'F16' }),
  'rounded to F32': (s) => ({ kind: 'rounded', of: s.stored('F64', 9, 40), dtype: 'F32' }),
  'transposed parts of a stack, scaled and rounded': (s) => ({
    kind: 'rounded',
    dtype: 'BF16',
    of: { kind: 'transposed', of: part({ kind: 'stack', of: [s.stored('BF16', 6, 8), s.stored('BF16', 6, 8)] }, 2, 1, 4, 2) },
  }),
};

interface TableCase {
  readonly codes: 'F8_E4M3' | 'I8' | 'F8_E5M2' | 'nibbles' | 'nibbles, high first' | 'AWQ' | 'words';
  readonly shape: readonly number[];
  readonly block: readonly [number, number];
  readonly steps: readonly ('multiply' | 'divide' | 'subtract' | 'add' | 'affine' | 'lookup')[];
  readonly dtype: 'F32' | 'BF16' | 'F16';
}

const awqOrder = [0, 4, 1, 5, 2, 6, 3, 7];

/** Blocks large enough for a table, whose ends lie anywhere. */
const tableCases: readonly TableCase[] = [
  { codes: 'F8_E4M3', shape: [37, 53], block: [20, 16], steps: ['multiply'], dtype: 'F32' },
  { codes: 'F8_E4M3', shape: [3, 19, 53], block: [16, 16], steps: ['multiply'], dtype: 'BF16' },
  { codes: 'I8', shape: [9, 300], block: [1, 300], steps: ['subtract', 'multiply', 'affine'], dtype: 'F16' },
  { codes: 'F8_E5M2', shape: [300, 5], block: [300, 1], steps: ['divide'], dtype: 'F32' },
  { codes: 'nibbles', shape: [7, 90], block: [1, 32], steps: ['lookup', 'multiply'], dtype: 'F32' },
  { codes: 'nibbles', shape: [2, 5, 48], block: [1, 17], steps: ['multiply', 'add'], dtype: 'BF16' },
  { codes: 'nibbles, high first', shape: [1, 700], block: [1, 64], steps: ['lookup', 'multiply'], dtype: 'BF16' },
  { codes: 'AWQ', shape: [70, 24], block: [32, 1], steps: ['subtract', 'multiply'], dtype: 'F16' },
  { codes: 'words', shape: [72, 11], block: [20, 1], steps: ['subtract', 'multiply'], dtype: 'F16' },
  { codes: 'words', shape: [128, 5], block: [64, 1], steps: ['affine', 'multiply'], dtype: 'BF16' },
];

function codesOf(s: Store, { codes, shape }: TableCase): Recipe {
  const [rows, columns] = [sizeOf(shape.slice(0, -1)), shape.at(-1)!];
  const seed = rows + columns;
  const unpacked = (tensor: Tensor, axis: 0 | 1, order: readonly number[]): Recipe => ({
    kind: 'unpacked',
    tensor,
    shape,
    bits: 4,
    axis,
    order,
  });
  switch (codes) {
    case 'nibbles':
      return unpacked(s.add('U8', [rows, columns / 2], anyBits('U8', (rows * columns) / 2, seed)), 1, []);
    case 'nibbles, high first':
      return unpacked(s.add('U8', [(rows * columns) / 2, 1], anyBits('U8', (rows * columns) / 2, seed)), 1, [1, 0]);
    case 'AWQ':
      return unpacked(s.add('I32', [rows, columns / 8], anyBits('I32', (rows * columns) / 8, seed)), 1, awqOrder);
    case 'words':
      return unpacked(s.add('I32', [rows / 8, columns], anyBits('I32', (rows * columns) / 8, seed)), 0, []);
    case 'F8_E4M3':
    case 'F8_E5M2':
    case 'I8':
      return { kind: 'stored', tensor: s.add(codes, shape, anyBits('U8', rows * columns, seed)) };
  }
}

function tableRecipe(s: Store, one: TableCase): Recipe {
  const [blockRows, blockColumns] = one.block;
  const blocks = [...one.shape.slice(0, -2), Math.ceil(one.shape.at(-2)! / blockRows), Math.ceil(one.shape.at(-1)! / blockColumns)];
  const values = one.steps.reduce<Recipe>(
    (of, step) => {
      if (step === 'affine') return { kind: 'affine', of, scale: 1, shift: -8 };
      if (step === 'lookup') return { kind: 'lookup', of, table: Array.from({ length: 16 }, (_, i) => Math.sin(i)) };
      const by: Recipe = { kind: 'stored', tensor: s.add('F32', blocks, weights('F32', sizeOf(blocks), blocks.length + of.kind.length)) };
      return { kind: 'blockwise', operation: step, of, by, blockRows, blockColumns };
    },
    codesOf(s, one),
  );
  return { kind: 'rounded', of: values, dtype: one.dtype };
}

describe('recipes: values by the table of their block', () => {
  for (const one of tableCases) {
    it(`${one.codes} [${one.shape.join(', ')}], blocks of ${one.block.join(' × ')}, ${one.steps.join(', ')}, ${one.dtype}`, async () => {
      const plain = new Store();
      await assertConforms(plain, tableRecipe(plain, one));
      const turned = new Store();
      const { of, dtype } = tableRecipe(turned, one) as Extract<Recipe, { kind: 'rounded' }>;
      await assertConforms(turned, { kind: 'rounded', of: { kind: 'transposed', of }, dtype });
      const stacked = new Store();
      const [first, second] = [tableRecipe(stacked, one), tableRecipe(stacked, one)];
      await assertConforms(stacked, { kind: 'reshaped', of: { kind: 'stack', of: [first, second] }, shape: [2 * sizeOf(one.shape)] });
    });
  }

  const indexed = { 'in order': (input: number) => input >> 5, 'in another order': (input: number) => (input * 7) % 3 };
  for (const [name, groupOf] of Object.entries(indexed)) {
    it(`groups that an index assigns ${name}`, async () => {
      const s = new Store();
      const indices = s.add('I32', [96], new Uint8Array(Int32Array.from({ length: 96 }, (_, i) => groupOf(i)).buffer));
      const codes = codesOf(s, { ...tableCases[9]!, shape: [96, 5] });
      const by: Recipe = { kind: 'gathered', of: s.stored('F16', 3, 5), indices };
      const scaled: Recipe = { kind: 'blockwise', operation: 'multiply', of: codes, by, blockRows: 1, blockColumns: 1 };
      await assertConforms(s, { kind: 'rounded', of: { kind: 'transposed', of: scaled }, dtype: 'F16' });
    });
  }
});

describe('recipes: any range of elements equals the plain meaning, bit for bit', () => {
  for (const [name, make] of Object.entries(cases)) {
    it(name, async () => {
      const store = new Store();
      await assertConforms(store, make(store));
    });
  }

  it('what is read down the columns of a large matrix is read in panels', async () => {
    const store = new Store();
    const recipe: Recipe = { kind: 'transposed', of: store.stored('BF16', 1500, 1201) };
    await withReader(store, (slice) => {
      const expected = referenceValues(recipe, store.bytes);
      for (let first = 0; first < expected.length; first += 300_007) {
        const count = Math.min(300_007, expected.length - first);
        assertEqual(slice(recipe, first, count), expected.slice(first, first + count), `from ${first}`);
      }
    });
  });

  it('rounding to F16 and BF16 is that of the reference for every kind of float32', async () => {
    const store = new Store();
    const bits = new Uint32Array(65_536).map((_, i) => (i << 16) | ((i % 5 === 0 ? 0x8000 : i % 7 === 0 ? 0x7fff : i * 977) & 0xffff));
    const tensor = store.add('F32', [bits.length], new Uint8Array(bits.buffer));
    for (const dtype of ['F16', 'BF16'] as const) {
      const recipe: Recipe = { kind: 'rounded', of: { kind: 'stored', tensor }, dtype };
      await withReader(store, (slice) => {
        const values = slice(recipe, 0, bits.length);
        const expected = encodeAll(dtype, bits);
        assertEqual(values, expected, dtype);
      });
    }
  });

  it('an index beyond the groups is an error that names the tensor', async () => {
    const store = new Store();
    const indices = store.add('I32', [2], new Uint8Array(Int32Array.of(0, 4).buffer));
    const recipe: Recipe = { kind: 'gathered', of: store.stored('F16', 4, 6), indices };
    await withReader(store, (slice) => assert.throws(() => slice(recipe, 0, 12), /index names a group that is not there[^]*4/));
  });
});

function encodeAll(dtype: 'F16' | 'BF16', bits: Uint32Array): Float64Array {
  return decodeToFloat64(dtype, encodeFromFloat64(dtype, Float64Array.from(new Float32Array(bits.buffer))), bits.length);
}
