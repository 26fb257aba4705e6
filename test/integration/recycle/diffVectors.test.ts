import assert from 'node:assert/strict';
import { join } from 'node:path';
import { compareRounds, measureDiffVectors } from '../../../src/recycle/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { makeSeries, run, update, writeModel } from './support/series.js';

const root = join(__dirname, '../../..');
const norm = Math.hypot(...update);

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);
}

function isNear(found: number | null, expected: number): void {
  assert.ok(found !== null && Math.abs(found - expected) <= 1e-6 * Math.abs(expected), `${String(found)} is not ${expected}`);
}

describe('diff vectors from round to round', () => {
  const at = temporaryFolder();

  it('have the norms and cosines of their values', async () => {
    const [a, b] = [update.map((value, i) => value * (i % 3)), update.map((value, i) => value - (i % 7))];
    const zero = update.map(() => 0);
    for (const [name, values] of Object.entries({ zero, a, b })) await writeModel(at(name), values);
    const pairs = [a, b, zero].map((_, i) => ({ finetuned: at(['a', 'b', 'zero'][i]!), base: at('zero') }));
    const [first, second, third] = await measureDiffVectors(pairs);
    isNear(first!.norm, Math.hypot(...a));
    isNear(second!.norm, Math.hypot(...b));
    isNear(second!.cosine, cosine(a, b));
    assert.deepEqual([first!.cosine, third!.norm, third!.cosine], [null, 0, null]);
  });

  it('are compared over what they have in common', async () => {
    await writeModel(at('small'), update);
    await writeModel(
      at('small-zero'),
      update.map(() => 0),
    );
    const wide = (values: readonly number[]) => [
      { name: 'model.layers.0.mlp.weight', dtype: 'F32' as const, shape: [2, 6], bytes: new Uint8Array(Float32Array.from(values).buffer) },
      { name: 'other', dtype: 'F32' as const, shape: [2], bytes: new Uint8Array(Float32Array.from([3, 4]).buffer) },
    ];
    await writeSafetensors(at('wide', 'model.safetensors'), wide(update.slice(12).map((value) => -value)));
    await writeSafetensors(at('wide-zero', 'model.safetensors'), [
      wide(update.map(() => 0).slice(12))[0]!,
      { name: 'other', dtype: 'F32', shape: [2] },
    ]);
    const [, second] = await measureDiffVectors([
      { finetuned: at('small'), base: at('small-zero') },
      { finetuned: at('wide'), base: at('wide-zero') },
    ]);
    isNear(second!.norm, Math.hypot(...update.slice(12), 5));
    isNear(second!.cosine, -1);
  });

  it('agree with numpy on the samples', async () => {
    // numpy, float64: f = finetuned-1 - base-1 and b = base-2 - base-1 over all 57 tensors.
    const folder = (name: string) => join(root, 'samples', name);
    const [f, b] = await measureDiffVectors([
      { finetuned: folder('finetuned-1'), base: folder('base-1') },
      { finetuned: folder('base-2'), base: folder('base-1') },
    ]);
    isNear(f!.norm, 16.937812983785992);
    isNear(b!.norm, 13.236873202154069);
    assert.ok(Math.abs(b!.cosine! - 0.14692319015009359) < 1e-7);
  });

  it('stand in the comparison of rounds, with scores that still hold', async () => {
    const path = await makeSeries(at('series'), 3, { finetuned: 1 });
    await run(path);
    const { lineages } = await compareRounds([path]);
    const [first, second, third] = lineages[0]!.rounds;
    isNear(first!.diffVector!.norm, norm);
    isNear(second!.diffVector!.norm, 2 * norm);
    isNear(second!.diffVector!.cosine, 1);
    assert.deepEqual([third!.diffVector, third!.state, second!.delta], [null, 'new', 'base(v2) + (finetuned(v1) − base(v1))']);
  });
});
