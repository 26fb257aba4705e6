import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bitsOf,
  openCheckpoint,
  type Checkpoint,
  type Dtype,
  type ScatteredTensor,
  type Tensor,
} from '../../../../src/checkpoint/index.js';
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
function bytesOf(file: Uint8Array, tensor: Tensor | ScatteredTensor): Uint8Array {
  if ('start' in tensor) return file.subarray(tensor.start, tensor.start + tensor.byteLength);
  const { layout, shape, dtype } = tensor;
  if (layout.kind !== 'strided') throw new Error('a view is strided');
  const size = bitsOf(dtype) / 8;
  const out = new Uint8Array(tensor.byteLength);
  for (let i = 0; i < tensor.elementCount; i++) {
    let [rest, place] = [i, layout.offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * layout.strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    const at = layout.tensor.start + place * size;
    out.set(file.subarray(at, at + size), i * size);
  }
  return out;
}

function factsOf(file: Uint8Array, { tensors, scattered }: Checkpoint): object {
  const facts = [...tensors, ...scattered].map((tensor) => {
    const sha256 = createHash('sha256').update(bytesOf(file, tensor)).digest('hex');
    return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, sha256 }] as const;
  });
  return Object.fromEntries(facts);
}

for (const format of ['pytorch', 'numpy']) {
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
  assert.deepEqual(factsOf(readFileSync(path), checkpoint), Object.fromEntries(tensors));
}
