import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dtypes, isReadable, type Dtype } from '../../../src/checkpoint/index.js';
import { decodeToFloat64 } from '../../../src/compute/reference/index.js';

interface DtypeGoldens {
  readonly cases: Partial<Record<Dtype, { readonly bytes: string; readonly values: readonly (number | string)[] }>>;
  readonly exhaustive: Partial<Record<Dtype, string>>;
}

/** Made by scripts/goldens/dtype_goldens.py with numpy and ml_dtypes. */
const goldens = JSON.parse(readFileSync(join(__dirname, 'goldens/dtypes.json'), 'utf8')) as DtypeGoldens;

const everyPattern = new Uint8Array(new Uint16Array(65536).map((_, bits) => bits).buffer);

function digest(values: Float64Array): string {
  const bits = new BigUint64Array(values.buffer.slice(0));
  values.forEach((value, i) => {
    if (Number.isNaN(value)) bits[i] = 0x7ff8000000000000n;
  });
  return createHash('sha256').update(new Uint8Array(bits.buffer)).digest('hex');
}

describe('decodeToFloat64', () => {
  for (const dtype of dtypes.filter(isReadable)) {
    const golden = goldens.cases[dtype];
    if (golden !== undefined) {
      it(`reads ${golden.values.length} ${dtype} values as numpy and ml_dtypes do`, () => {
        const decoded = decodeToFloat64(dtype, Buffer.from(golden.bytes, 'hex'), golden.values.length);
        assert.deepEqual([...decoded], golden.values.map(Number));
      });
    }
    const sum = goldens.exhaustive[dtype];
    if (sum !== undefined) {
      it(`reads all 65,536 ${dtype} values as numpy and ml_dtypes do`, () => {
        assert.equal(digest(decodeToFloat64(dtype, everyPattern, 65536)), sum);
      });
    }
    it(`has a golden for ${dtype}`, () => assert.ok(golden !== undefined || sum !== undefined));
  }

  it('reads from a byte offset that is no multiple of the element size', () => {
    const bytes = new Uint8Array([9, 0x80, 0x3f, 0, 0xc0]).subarray(1);
    assert.deepEqual([...decodeToFloat64('BF16', bytes, 2)], [1, -2]);
  });

  it('takes every BOOL byte but 0 for true', () => {
    assert.deepEqual([...decodeToFloat64('BOOL', new Uint8Array([0, 1, 2, 255]), 4)], [0, 1, 1, 1]);
  });

  it('refuses too few bytes and dtypes that are only listed', () => {
    assert.throws(() => decodeToFloat64('F32', new Uint8Array(7), 2), /2 elements of F32 need 8 bytes, found 7/);
    for (const dtype of dtypes.filter((name) => !isReadable(name))) {
      assert.throws(() => decodeToFloat64(dtype, new Uint8Array(8), 1), TypeError);
    }
  });
});
