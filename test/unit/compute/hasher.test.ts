import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createXXHash128, xxhash128 } from 'hash-wasm';
import { Hasher } from '../../../src/compute/index.js';
import { CombineKernels } from '../../../src/compute/simd/index.js';
import { randomUint32s } from './support/random.js';

function randomBytes(count: number, seed: number): Uint8Array {
  const random = randomUint32s(seed);
  return new Uint8Array(Uint32Array.from({ length: Math.ceil(count / 4) }, () => random()).buffer, 0, count);
}

describe('XXH3-128 against hash-wasm', () => {
  const hasher = new Hasher();

  it('every length from 0 to 2200: all rules for short inputs, and two blocks', async () => {
    const oracle = await createXXHash128();
    const bytes = randomBytes(2200, 1);
    for (let length = 0; length <= bytes.length; length++) {
      const expected = oracle.init().update(bytes.subarray(0, length)).digest();
      assert.equal(hasher.hex(bytes.subarray(0, length)), expected, `length ${length}`);
    }
  });

  it('the published hash of nothing', () => {
    assert.equal(hasher.hex(new Uint8Array(0)), '99aa06d3014798d86001c324468d497f');
  });

  it('property: seeded lengths to 1 MiB', async () => {
    const property = fc.asyncProperty(fc.nat(1 << 20), fc.nat(1000), async (length, seed) => {
      const bytes = randomBytes(length, seed);
      assert.equal(hasher.hex(bytes), await xxhash128(bytes));
    });
    await fc.assert(property, { seed: 20261125, numRuns: 25 });
  });

  it('property: the same in pieces of any size, from inside and outside the memory', async () => {
    const kernels = new CombineKernels();
    const length = fc.oneof(fc.nat(700), fc.nat(200_000));
    const property = fc.asyncProperty(fc.array(length, { maxLength: 8 }), fc.nat(1000), fc.boolean(), async (lengths, seed, inside) => {
      const bytes = randomBytes(
        lengths.reduce((sum, more) => sum + more, 0),
        seed,
      );
      const [within] = kernels.buffers([bytes.byteLength], 0).inputs;
      within!.set(bytes);
      kernels.hasher.begin();
      let first = 0;
      for (const more of lengths) {
        kernels.hasher.add((inside ? within! : bytes).subarray(first, first + more));
        first += more;
      }
      assert.equal(Buffer.from(kernels.hasher.end()).toString('hex'), await xxhash128(bytes));
    });
    await fc.assert(property, { seed: 20261125, numRuns: 60 });
  });
});
