import type { ValueSlice } from '../../../src/compute/index.js';
import assert from 'node:assert/strict';
import { planComparison, planTasks, type ComparisonPlan } from '../../../src/compare/index.js';
import { checkpointOf, type ShardOfTest } from './support/checkpoints.js';

type Tensors = ShardOfTest['tensors'];

/** Two checkpoints of one file each; equal identities make them one file. */
function planOf(a: Tensors, b: Tensors, identityB = '1:2'): ComparisonPlan {
  const fileA = { path: '/a.safetensors', identity: '1:1', tensors: a };
  const fileB = { path: '/b.safetensors', identity: identityB, tensors: b };
  return planComparison(checkpointOf(fileA), checkpointOf(fileB), { prefixMap: [], map: [] });
}

/** Tasks as lists of `[tensor, first element, count, start in A, start in B]`. */
function tasksOf(plan: ComparisonPlan): unknown[][] {
  return [...planTasks(plan)].map(({ task, places }) =>
    task.pairs.map(({ a, b, count }, i) => [a.tensor, places[i]!.first, count, startOf(a), b && startOf(b)]),
  );
}

function startOf(slice: ValueSlice): number {
  return 'recipe' in slice ? slice.first : slice.start;
}

function kindsOf(plan: ComparisonPlan): string[] {
  return plan.pairs.map(({ treatment }) => treatment.kind);
}

describe('plan of a comparison', () => {
  it('puts small tensors into one task, with file, dtype, byte range and place of every slice', () => {
    const plan = planOf(
      [
        ['x', 'F32', [2, 3]],
        ['y', 'BF16', [4]],
      ],
      [
        ['y', 'BF16', [4]],
        ['x', 'F16', [2, 3]],
      ],
    );
    assert.equal(plan.readByteLength, 24 + 12 + 8 + 8);
    const fileA = { path: '/a.safetensors', byteLength: 1032, modifiedAt: 1 };
    const fileB = { path: '/b.safetensors', byteLength: 1020, modifiedAt: 1 };
    assert.deepEqual(
      [...planTasks(plan)],
      [
        {
          task: {
            kind: 'compare',
            pairs: [
              {
                as: 'values',
                a: { file: fileA, tensor: 'x', dtype: 'F32', start: 1000, byteLength: 24 },
                b: { file: fileB, tensor: 'x', dtype: 'F16', start: 1008, byteLength: 12 },
                count: 6,
              },
              {
                as: 'values',
                a: { file: fileA, tensor: 'y', dtype: 'BF16', start: 1024, byteLength: 8 },
                b: { file: fileB, tensor: 'y', dtype: 'BF16', start: 1000, byteLength: 8 },
                count: 4,
              },
            ],
          },
          places: [
            { pair: 0, of: 'values', first: 0 },
            { pair: 1, of: 'values', first: 0 },
          ],
        },
      ],
    );
  });

  it('cuts a BF16 tensor into chunks of 4 MiB, and does not fill the last one with the next tensor beyond that', () => {
    const tensors: Tensors = [
      ['x', 'BF16', [2, 2_500_000]],
      ['y', 'BF16', [2_000_000]],
    ];
    const plan = planOf(tensors, tensors);
    assert.equal(plan.readByteLength, 2 * 14_000_000);
    assert.deepEqual(tasksOf(plan), [
      [['x', 0, 2_097_152, 1000, 1000]],
      [['x', 2_097_152, 2_097_152, 4_195_304, 4_195_304]],
      [['x', 4_194_304, 805_696, 8_389_608, 8_389_608]],
      [['y', 0, 2_000_000, 10_001_000, 10_001_000]],
    ]);
  });

  it('cuts tensors of two dtypes by the wider one', () => {
    const plan = planOf([['x', 'F64', [600_000]]], [['x', 'F8_E4M3', [600_000]]]);
    assert.deepEqual(tasksOf(plan), [[['x', 0, 524_288, 1000, 1000]], [['x', 524_288, 75_712, 1000 + 8 * 524_288, 1000 + 524_288]]]);
  });

  it('puts at most 256 tensors into one task', () => {
    const tensors = Array.from({ length: 600 }, (_, i) => [`t${i}`, 'F32', [2]] as const);
    assert.deepEqual(
      tasksOf(planOf(tensors, tensors)).map(({ length }) => length),
      [256, 256, 88],
    );
  });

  it('reads nothing when every tensor is the same bytes of the same file, also of a dtype that is not read', () => {
    const tensors: Tensors = [
      ['x', 'F32', [3]],
      ['y', 'F4', [2, 2]],
      ['z', 'F32', []],
    ];
    const plan = planOf(tensors, tensors, '1:1');
    assert.deepEqual(
      { ...plan, a: null, b: null, pairs: null, matching: null },
      { a: null, b: null, pairs: null, matching: null, sameFiles: true, readByteLength: 0 },
    );
    assert.deepEqual(kindsOf(plan), ['compare', 'compare', 'compare']);
    assert.deepEqual(tasksOf(plan), []);
  });

  it('reads once what lies in a hard-linked shard, and twice what does not', () => {
    const shared = {
      identity: '1:7',
      tensors: [
        ['x', 'F32', [5]],
        ['u', 'C64', [1]],
      ],
    } as const;
    const a = checkpointOf({ path: '/a-1', ...shared }, { path: '/a-2', identity: '1:8', tensors: [['y', 'F32', [2]]] });
    const b = checkpointOf({ path: '/b-1', ...shared }, { path: '/b-2', identity: '1:9', tensors: [['y', 'F32', [2]]] });
    const plan = planComparison(a, b, { prefixMap: [], map: [] });
    assert.deepEqual([plan.sameFiles, plan.readByteLength], [false, 20 + 2 * 8]);
    assert.deepEqual(tasksOf(plan), [
      [
        ['x', 0, 5, 1000, null],
        ['y', 0, 2, 1000, 1000],
      ],
    ]);
  });

  it('does not take other bytes of the same file for the same values', () => {
    const file = {
      path: '/tied',
      identity: '1:1',
      tensors: [
        ['p.x', 'F32', [2]],
        ['x', 'F32', [2]],
      ],
    } as const;
    const plan = planComparison(checkpointOf({ ...file, tensors: [['x', 'F32', [2]]] }), checkpointOf(file), { prefixMap: [], map: [] });
    assert.deepEqual(tasksOf(plan), [[['x', 0, 2, 1000, 1008]]]);
  });

  it('compares the shared rows of tensors that grew or shrank', () => {
    const plan = planOf(
      [
        ['x', 'F32', [4, 3]],
        ['y', 'F32', [9, 2, 2]],
      ],
      [
        ['x', 'F32', [6, 3]],
        ['y', 'F32', [8, 2, 2]],
      ],
    );
    assert.equal(plan.readByteLength, 2 * 4 * (12 + 32));
    assert.deepEqual(tasksOf(plan), [
      [
        ['x', 0, 12, 1000, 1000],
        ['y', 0, 32, 1048, 1072],
      ],
    ]);
  });

  it('compares no tensor whose columns, rank or length differ', () => {
    const a: Tensors = [
      ['columns', 'F32', [2, 3]],
      ['rank', 'F32', [6]],
      ['length', 'F32', [4]],
      ['scalar', 'F32', []],
    ];
    const b: Tensors = [
      ['columns', 'F32', [2, 4]],
      ['rank', 'F32', [2, 3]],
      ['length', 'F32', [5]],
      ['scalar', 'F32', [1]],
    ];
    assert.deepEqual(kindsOf(planOf(a, b)), ['reshaped', 'reshaped', 'reshaped', 'reshaped']);
    assert.deepEqual(tasksOf(planOf(a, b)), []);
  });

  it('compares as bytes what has no values and is laid out alike; the rest is not compared', () => {
    const a: Tensors = [
      ['f4', 'F4', [2, 2]],
      ['c64', 'C64', [2]],
      ['half', 'F6_E2M3', [4]],
      ['rows', 'F4', [2, 2]],
    ];
    const b: Tensors = [
      ['f4', 'F4', [2, 2]],
      ['c64', 'C64', [2]],
      ['half', 'BF16', [4]],
      ['rows', 'F4', [4, 2]],
    ];
    assert.deepEqual(kindsOf(planOf(a, b)), ['compare', 'compare', 'unread', 'unread']);
  });

  it('plans no work for empty tensors', () => {
    const plan = planOf(
      [
        ['x', 'F32', [0, 4]],
        ['y', 'BF16', [3, 0]],
      ],
      [
        ['x', 'F32', [0, 4]],
        ['y', 'BF16', [3, 0]],
      ],
    );
    assert.deepEqual([plan.readByteLength, tasksOf(plan)], [0, []]);
  });

  it('of two checkpoints without tensors is empty, and not one of the same files', () => {
    const { pairs, sameFiles, readByteLength } = planOf([], [], '1:1');
    assert.deepEqual({ pairs, sameFiles, readByteLength }, { pairs: [], sameFiles: false, readByteLength: 0 });
  });
});
