import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bitsOf,
  openCheckpoint,
  type Checkpoint,
  type ConcatenatedLayout,
  type Dtype,
  type StridedLayout,
  type TensorLayout,
} from '../../../../src/checkpoint/index.js';
import { shapeOf } from '../../../../src/model/recipe/index.js';
import { FormatError } from '../../../../src/base/formatError.js';

const goldens = join(import.meta.dirname, '../../../goldens');

type Expected = { readonly writer: string } & (
  | {
      readonly tensors: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[]; readonly sha256: string }>>;
      readonly part?: string;
    }
  | { readonly refused: string }
);

const dtypes: Readonly<Record<string, Dtype>> = {
  ...{ float64: 'F64', float32: 'F32', float16: 'F16', bfloat16: 'BF16', float8_e4m3fn: 'F8_E4M3', float8_e5m2: 'F8_E5M2' },
  ...{ float8_e8m0fnu: 'F8_E8M0', int64: 'I64', int32: 'I32', int16: 'I16', int8: 'I8', uint8: 'U8', uint16: 'U16', uint32: 'U32' },
  ...{ uint64: 'U64', bool: 'BOOL', complex64: 'C64' },
};

/** The bytes of a tensor in reading order, picked one element after the other. */
function bytesOf(files: readonly Uint8Array[], layout: TensorLayout, bits: number): Uint8Array {
  const size = bits / 8;
  if (layout.kind === 'concatenation') return joined(files, layout, size);
  const { start, shard, byteLength } = layout.tensor;
  const run = files[shard]!.subarray(start, start + byteLength);
  return layout.kind === 'stored' ? run : picked(run, layout, size);
}

function picked(run: Uint8Array, { shape, strides, offset }: StridedLayout, size: number): Uint8Array {
  const out = new Uint8Array(elementsOf(shape) * size);
  for (let i = 0; i < out.byteLength / size; i++) {
    let [rest, place] = [i, offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    out.set(run.subarray(place * size, (place + 1) * size), i * size);
  }
  return out;
}

/** Entries of the axes before the one along which parts are joined take turns. */
function joined(files: readonly Uint8Array[], { of, axis }: ConcatenatedLayout, size: number): Uint8Array {
  const turns = elementsOf(shapeOf(of[0]!).slice(0, axis));
  const parts = of.map((part) => bytesOf(files, part, size * 8));
  return Buffer.concat(
    Array.from({ length: turns }, (_, turn) =>
      Buffer.concat(parts.map((part) => part.subarray((turn * part.byteLength) / turns, ((turn + 1) * part.byteLength) / turns))),
    ),
  );
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function factsOf({ tensors, scattered, shards }: Checkpoint): object {
  const files = shards.map(({ path }) => readFileSync(path));
  const layouts = [...tensors.map((tensor) => ({ ...tensor, layout: { kind: 'stored', tensor } as const })), ...scattered];
  const facts = layouts.map(({ name, dtype, shape, layout }) => {
    const sha256 = createHash('sha256')
      .update(bytesOf(files, layout, bitsOf(dtype)))
      .digest('hex');
    return [name, { dtype, shape, sha256 }] as const;
  });
  return Object.fromEntries(facts);
}

for (const format of ['pytorch', 'numpy', 'distributed']) {
  const folder = join(goldens, format);
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<Record<string, Expected>>;
  describe(`files of ${format} as their own libraries read them`, () => {
    for (const [name, golden] of Object.entries(expected)) it(`${name} of ${golden.writer}`, () => check(join(folder, name), golden));
  });
}

async function check(path: string, golden: Expected): Promise<void> {
  if ('refused' in golden) {
    const error: unknown = await openCheckpoint(path).catch((reason: unknown) => reason);
    assert.ok(error instanceof FormatError, String(error));
    assert.ok(error.message.includes(golden.refused), error.message);
    return;
  }
  const checkpoint = await openCheckpoint(golden.part === undefined ? path : `${path}#${golden.part}`);
  const tensors = Object.entries(golden.tensors).map(([key, facts]) => [key, { ...facts, dtype: dtypes[facts.dtype] }] as const);
  assert.deepEqual(factsOf(checkpoint), Object.fromEntries(tensors));
}
