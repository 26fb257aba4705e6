import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../../src/model/index.js';
import type { DeltaHistogram, DiffReport, TensorDiff } from '../../../src/compare/index.js';
import { compareVersions } from './support/compareFiles.js';

/** What scripts/goldens/diff_goldens.py computed with numpy. */
interface Expected {
  readonly status: string;
  readonly comparedCount?: number;
  readonly normA: number;
  readonly normB: number;
  readonly normDelta: number;
  readonly relativeChange: number;
  readonly cosine: number | 'NaN';
  readonly maxAbsDelta: number;
  readonly maxAbsDeltaIndex: number | null;
  readonly meanDelta: number;
  readonly meanAbsDelta: number;
  readonly changedCount: number;
  readonly signFlips: number;
  readonly nonFiniteA: number;
  readonly nonFiniteB: number;
  readonly zero: number;
  readonly bins: Readonly<Record<string, number>>;
}

const folder = join(__dirname, '../../goldens/diff');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>;

async function compareGoldens(workers: number): Promise<DiffReport> {
  const [a, b] = await Promise.all([openModel(join(folder, 'a.safetensors')), openModel(join(folder, 'b.safetensors'))]);
  return compareVersions(a, b, { workers });
}

describe('comparison of the golden checkpoints against numpy in float64', () => {
  let tensors: ReadonlyMap<string, TensorDiff>;

  before(async () => {
    const report = await compareGoldens(2);
    tensors = new Map(report.tensors.map((tensor) => [tensor.name, tensor]));
  });

  it('lists exactly the tensors of both sides', () => {
    assert.deepEqual([...tensors.keys()].sort(), Object.keys(expected).sort());
  });

  for (const [name, want] of Object.entries(expected)) {
    it(`${name}: ${want.status}, norms within 1e-6, counts, maximum and histogram exact`, () => {
      const got = tensors.get(name)!;
      assert.equal(got.status, want.status);
      if (want.comparedCount === undefined) assert.equal(got.comparedCount, null);
      else assertStatistics(got, want);
    });
  }

  it('gives the same report for 1, 2 and 5 workers', async () => {
    const [one, two, five] = await Promise.all([compareGoldens(1), compareGoldens(2), compareGoldens(5)]);
    assert.deepEqual(two.tensors, one.tensors);
    assert.deepEqual(five.summary, one.summary);
  });
});

function assertStatistics(got: TensorDiff, want: Expected): void {
  for (const field of ['normA', 'normB', 'normDelta', 'relativeChange', 'maxAbsDelta'] as const)
    assertClose(got[field]!, want[field], 1e-6 * want[field], field);
  if (want.cosine === 'NaN') assert.ok(Number.isNaN(got.cosine), 'cosine');
  else assertClose(got.cosine!, want.cosine, 1e-6, 'cosine');
  assertClose(got.meanDelta!, want.meanDelta, 1e-6 * want.meanAbsDelta, 'meanDelta');
  for (const field of ['comparedCount', 'changedCount', 'signFlips', 'nonFiniteA', 'nonFiniteB', 'maxAbsDeltaIndex'] as const)
    assert.equal(got[field], want[field], field);
  assert.equal(got.histogram!.zero, want.zero, 'zeros');
  assert.deepEqual(occupiedBins(got.histogram!), want.bins);
}

function assertClose(got: number, want: number, bound: number, field: string): void {
  assert.ok(Math.abs(got - want) <= bound, `${field}: ${got} is not within ${bound} of ${want}`);
}

function occupiedBins({ firstExponent, negative, positive }: DeltaHistogram): Record<string, number> {
  const side = (sign: string, counts: readonly number[]) =>
    counts.flatMap((count, k) => (count > 0 ? [[`${sign}${firstExponent + k}`, count] as const] : []));
  return Object.fromEntries([...side('+', positive), ...side('-', negative)]);
}
