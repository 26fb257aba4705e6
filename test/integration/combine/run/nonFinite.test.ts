import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../../../src/model/index.js';
import { describeNonFinite, resultToMarkdown, type CombinePlan } from '../../../../src/combine/index.js';
import { readManifest, runCombine, type Manifest } from '../../../../src/combine/run/index.js';
import { decodeToFloat64, encodeFromFloat64 } from '../../../../src/compute/reference/index.js';
import { planTransfer, roles, tensorBytes, Workspace } from '../../../support/combineFamily.js';
import { madeFolder } from '../../../support/partialFolder.js';
import { writeSafetensors } from '../../../support/safetensorsFile.js';

const goldens = join(__dirname, '../../../goldens/combine');

type Role = (typeof roles)[number];
type Values = Readonly<Record<Role, readonly number[]>>;

/** Largest F16: 65504. In layer 0, three sums are beyond it, one was infinite before; in layer 2, one is NaN. */
const tensors: Readonly<Record<string, Values>> = {
  'model.layers.0.w': { target: [60000, -60000, 65504, 1], finetuned: [10000, 0, 20, Infinity], base: [0, 10000, 0, 0] },
  'model.layers.1.w': { target: [1, 2, 3, 4], finetuned: [1, 1, 1, 1], base: [2, 2, 2, 2] },
  'model.layers.2.w': { target: [NaN, 2, 3, 4], finetuned: [1, 1, 1, 1], base: [2, 2, 2, 2] },
  'model.embed.w': { target: [-Infinity, NaN, 3, 4], finetuned: [1, 1, 1, 1], base: [2, 2, 2, 2] },
};

async function writeHardFamily(folder: string): Promise<void> {
  for (const role of roles) {
    const written = Object.entries(tensors).map(([name, values]) => ({
      name,
      dtype: 'F16' as const,
      shape: [4],
      bytes: encodeFromFloat64('F16', Float64Array.from(values[role])),
    }));
    await writeSafetensors(join(folder, role, 'model.safetensors'), written);
  }
}

/** NaN and infinities in the floating-point tensors of a checkpoint, counted value by value. */
async function countStored(path: string): Promise<number> {
  const bytes = await tensorBytes(path);
  const { tensors: stored } = await openModel(path);
  const floats = stored.filter(({ dtype }) => dtype.startsWith('F') || dtype === 'BF16');
  const values = floats.map(({ name, dtype, elementCount }) => decodeToFloat64(dtype, bytes.get(name)!, elementCount));
  return values.reduce((sum, list) => sum + list.filter((value) => !Number.isFinite(value)).length, 0);
}

describe('NaN and infinities that a combination writes', () => {
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeHardFamily(space.path('hard'));
  });
  after(() => space.remove());

  const plan = (output: string, resume = false): Promise<CombinePlan> =>
    planTransfer(space.path('hard'), space.path(output), 1, { exclude: ['*embed*'], resume });

  for (const scale of [1, 0.3, -1]) {
    it(`are as many as in the file that numpy computed, four dtypes, λ = ${scale}`, async () => {
      const output = space.path(`golden ${scale}`);
      const { rounding } = await runCombine(await planTransfer(goldens, output, scale, { vocabulary: 'rows' }), { sync: false });
      const expected = await countStored(join(goldens, `expected${scale}.safetensors`));
      assert.ok(expected > 0);
      assert.equal(rounding.total.nonFiniteCount, expected);
    });
  }

  it('are counted by layer, copied ones too, and those that were finite before rounding apart', async () => {
    const { rounding } = await runCombine(await plan('layers'), { sync: false });
    assert.deepEqual(
      rounding.layers.map(({ layer, nonFiniteCount, overflowCount }) => [layer, nonFiniteCount, overflowCount]),
      [
        ['outside layers', 2, 0],
        ['layer 0', 4, 3],
        ['layer 1', 0, 0],
        ['layer 2', 1, 0],
      ],
    );
    assert.deepEqual([rounding.total.nonFiniteCount, rounding.total.overflowCount], [7, 3]);
  });

  it('are told with their layers, and nothing is told of an output without any', async () => {
    const manifest = await runCombine(await plan('told'), { sync: false });
    const sentence =
      '7 written numbers are NaN or infinite, 3 of them because they are too large for the dtype: outside layers, layer 0, layer 2.';
    assert.equal(describeNonFinite(manifest.rounding), sentence);
    const page = resultToMarkdown('told', manifestFolder(manifest), manifest).split('\n');
    assert.ok(page.includes(`**${sentence}**`));
    assert.ok(page.includes('| layer 0 | 3 | 0 | – | 4 | 3 |'), page.join('\n'));
    const total = { ...manifest.rounding.total, nonFiniteCount: 0, overflowCount: 0 };
    const finite = { ...manifest, rounding: { total, layers: [] } };
    assert.equal(describeNonFinite(finite.rounding), null);
    assert.ok(!resultToMarkdown('told', manifestFolder(manifest), finite).includes('**'));
  });

  it('name six layers and count the others', () => {
    const report = { changedCount: 0, unmovedCount: 0, normLost: 0, normDelta: 0, nonFiniteCount: 1, overflowCount: 0 };
    const layers = Array.from({ length: 8 }, (_, i) => ({ layer: `layer ${i}`, ...report }));
    const described = describeNonFinite({ total: { ...report, nonFiniteCount: 8 }, layers });
    assert.match(described!, /^8 written numbers are NaN or infinite: layer 0, .*layer 5 and 2 more layers\.$/);
    assert.equal(describeNonFinite({ total: report, layers: layers.slice(0, 1) }), '1 written number is NaN or infinite: layer 0.');
  });

  it('are remembered by the journal, whose older versions are refused', async () => {
    const controller = new AbortController();
    const begun = runCombine(await plan('resumed'), {
      sync: false,
      keepPartial: true,
      signal: controller.signal,
      onStep: (step) => {
        if (step === 'chunks recorded') controller.abort(new Error('enough'));
      },
    });
    await assert.rejects(begun, /enough/);
    const journal = join(madeFolder(space.path('resumed')), 'model-rebase.journal');
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.replace('{"journal":3', '{"journal":2'));
    await assert.rejects(runCombine({ ...(await plan('resumed', true)), refusals: [] }, { resume: true }), {
      name: 'OutputError',
      message: /holds a model-rebase\.journal that this version of the tool cannot read, so it is not removed\. Remove it yourself/,
    });
    await writeFile(journal, text);
    await runCombine(await plan('resumed', true), { resume: true, sync: false });
    await runCombine(await plan('straight'), { sync: false });
    const [resumed, straight] = await Promise.all(
      ['resumed', 'straight'].map((name) => readManifest(space.path(name, 'model-rebase.json'))),
    );
    assert.deepEqual(resumed!.rounding, straight!.rounding);
  });
});

function manifestFolder({ request }: Manifest): string {
  return request.output;
}
