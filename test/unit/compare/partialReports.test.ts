import assert from 'node:assert/strict';
import { ComparisonSums } from '../../../src/compare/comparisonSums.js';
import { PartialReports } from '../../../src/compare/partialReports.js';
import { planComparison } from '../../../src/compare/planComparison.js';
import type { DiffReport } from '../../../src/compare/index.js';
import { openModel } from '../../../src/model/index.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../compute/support/chunks.js';

const engine = { name: 'simd', detail: '', reason: '' } as const;

describe('reports of a comparison that goes on', () => {
  const at = temporaryFolder();

  async function tell(fromByteLength?: number): Promise<DiffReport[]> {
    const tensors = ['layers.0.x', 'layers.1.x'].map((name) => ({ name, dtype: 'F32', shape: [2], bytes: encode('F32', [1, 2]) }) as const);
    await writeSafetensors(at('a.safetensors'), tensors);
    await writeSafetensors(at('b.safetensors'), [tensors[0]!, { ...tensors[1]!, shape: [1, 2] }]);
    const [a, b] = await Promise.all([openModel(at('a.safetensors')), openModel(at('b.safetensors'))]);
    const plan = planComparison(a, b, { prefixMap: [], map: [] });
    const told: DiffReport[] = [];
    const partial = new PartialReports(plan, engine, (report) => told.push(report), fromByteLength);
    const sums = new ComparisonSums(plan);
    partial.offer(sums);
    partial.offer(sums);
    return told;
  }

  it('say the structure at once, and that no values were compared yet', async () => {
    const told = await tell(0);
    assert.equal(told.length, 1, 'the next one comes a second later');
    const report = told[0]!;
    assert.deepEqual(
      report.tensors.map(({ name, status, normDelta }) => [name, status, normDelta]),
      [
        ['layers.0.x', 'unread', null],
        ['layers.1.x', 'reshaped', null],
      ],
    );
    assert.equal(report.summary.coverage?.compared, 0);
    assert.deepEqual(
      report.layers.map(({ label }) => label),
      ['layer 0', 'layer 1'],
    );
  });

  it('are not made of a comparison that ends at once', async () => {
    assert.deepEqual(await tell(), []);
  });
});
