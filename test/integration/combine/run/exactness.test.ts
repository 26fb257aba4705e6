import assert from 'node:assert/strict';
import { join } from 'node:path';
import { combineRequest, diffVector, interpolation, planCombine } from '../../../../src/combine/index.js';
import { runCombine } from '../../../../src/combine/run/index.js';
import { decodeToFloat64 } from '../../../../src/compute/reference/index.js';
import { planTransfer, tensorBytes, Workspace, writeFamily } from '../../../support/combineFamily.js';

const goldens = join(__dirname, '../../../goldens/combine');

describe('a combination that is run', () => {
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('family'), 3, 700_008);
  });
  after(() => space.remove());

  for (const scale of [1, 0.3, -1]) {
    for (const workers of [1, 3]) {
      it(`is bit for bit what numpy computes: λ = ${scale}, added rows, four dtypes, ${workers} workers`, async () => {
        const output = space.path(`golden ${scale} ${workers}`);
        const plan = await planTransfer(goldens, output, scale, { vocabulary: 'rows', ...(workers === 3 ? { maxShardSize: 3000 } : {}) });
        assert.deepEqual(plan.refusals, []);
        await runCombine(plan, { workers, sync: false });
        assert.deepEqual(sorted(await tensorBytes(output)), sorted(await tensorBytes(join(goldens, `expected${scale}.safetensors`))));
      });
    }
  }

  it('gives the same files and the same rounding report for 1, 2 and 5 workers', async () => {
    const outputs = await Promise.all(
      [1, 2, 5].map(async (workers) => {
        const output = space.path(`workers ${workers}`);
        const { rounding, shards, tensors } = await runCombine(await planTransfer(space.path('family'), output, 0.3), {
          workers,
          sync: false,
        });
        return { bytes: await tensorBytes(output), rounding, hashes: [...shards, ...tensors].map(({ hash }) => hash) };
      }),
    );
    assert.deepEqual(outputs[1], outputs[0]);
    assert.deepEqual(outputs[2], outputs[0]);
  });

  it('gives the target byte for byte with λ = 0, NaN payloads and all', async () => {
    const output = space.path('zero');
    await runCombine(await planTransfer(goldens, output, 0, { vocabulary: 'rows', exclude: ['*embed*', '*lm_head*'] }), { sync: false });
    assert.deepEqual(sorted(await tensorBytes(output)), sorted(await tensorBytes(join(goldens, 'target'))));
  });

  it('gives B from A + 1·(B − A), up to the rounding of the storage type', async () => {
    const inputs = [
      ['a', 'target'],
      ['b', 'finetuned'],
    ].map(([role, folder]) => ({ role: role!, path: space.path('family', folder!), expect: 'checkpoint' as const }));
    const output = space.path('b again');
    await runCombine(await planCombine(combineRequest({ combination: interpolation('a', 'b', 1), inputs, output })), { sync: false });
    const [got, want] = [await valuesOf(output), await valuesOf(space.path('family', 'finetuned'))];
    assert.ok(got.length === 3 * 700_008 && got.every((value, i) => Math.abs(value - want[i]!) <= Math.abs(want[i]!) * 2 ** -8));
  });

  it('gives the transfer from a saved diff vector as from its parts, where float32 holds the difference', async () => {
    const inputs = ['finetuned', 'base'].map((role) => ({ role, path: space.path('family', role), expect: 'checkpoint' as const }));
    await runCombine(
      await planCombine(combineRequest({ combination: diffVector('finetuned', 'base'), inputs, output: space.path('delta') })),
      { sync: false },
    );
    const combination = {
      steps: [
        { scale: 1, plus: 'target', minus: null },
        { scale: 1, plus: 'delta', minus: null },
      ],
    };
    const ends = [
      ['target', space.path('family', 'target'), 'checkpoint'],
      ['delta', space.path('delta'), 'diff-vector'],
    ] as const;
    const applied = combineRequest({
      combination,
      inputs: ends.map(([role, path, expect]) => ({ role, path, expect })),
      output: space.path('applied'),
    });
    await runCombine(await planCombine(applied), { sync: false });
    await runCombine(await planTransfer(space.path('family'), space.path('direct')), { sync: false });
    assert.deepEqual(await tensorBytes(space.path('applied')), await tensorBytes(space.path('direct')));
  });

  it('has the same tensors in one file and in several', async () => {
    const [one, several] = [space.path('one'), space.path('several')];
    await runCombine(await planTransfer(space.path('family'), one), { sync: false });
    const { shards } = await runCombine(await planTransfer(space.path('family'), several, 1, { maxShardSize: 1_500_000 }), { sync: false });
    assert.equal(shards.length, 3);
    assert.deepEqual(sorted(await tensorBytes(several)), sorted(await tensorBytes(one)));
  });
});

function sorted(tensors: ReadonlyMap<string, Buffer>): [string, Buffer][] {
  return [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function valuesOf(path: string): Promise<Float64Array> {
  const tensors = [...(await tensorBytes(path))].filter(([name]) => name !== 'step');
  return Float64Array.from(tensors.flatMap(([, bytes]) => [...decodeToFloat64('BF16', bytes, bytes.length / 2)]));
}
