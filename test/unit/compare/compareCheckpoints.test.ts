import assert from 'node:assert/strict';
import { link, mkdir, symlink } from 'node:fs/promises';
import fc from 'fast-check';
import { bitsOf, type Dtype } from '../../../src/checkpoint/index.js';
import { openModel } from '../../../src/model/index.js';
import type { DiffReport } from '../../../src/compare/index.js';
import { shardName, writeSafetensors, writeShardedCheckpoint, type TensorToWrite } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { anyBits, encode, weights } from '../compute/support/chunks.js';
import { assertMatchesReference, compareFiles, compareVersions, tensorOf } from './support/compareFiles.js';

function tensor(
  name: string,
  dtype: Dtype,
  shape: readonly number[],
  seed: number,
  make = weights,
): TensorToWrite & { readonly bytes: Uint8Array } {
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, dtype, shape, bytes: make(dtype, count, seed) };
}

function float32(name: string, shape: readonly number[], values: readonly number[]): TensorToWrite {
  return { name, dtype: 'F32', shape, bytes: encode('F32', values) };
}

/** A report without what differs from run to run. */
function timeless(report: DiffReport): DiffReport {
  return { ...report, createdAt: '', seconds: 0 };
}

describe('comparison of checkpoints', () => {
  const at = temporaryFolder();

  async function compare(name: string, a: readonly TensorToWrite[], b: readonly TensorToWrite[], options = {}): Promise<DiffReport> {
    await Promise.all([writeSafetensors(at(`${name}-a.safetensors`), a), writeSafetensors(at(`${name}-b.safetensors`), b)]);
    return compareFiles(at(`${name}-a.safetensors`), at(`${name}-b.safetensors`), options);
  }

  it('of tensors larger than a chunk equals a plain float64 pass, also where the maximum lies behind a chunk boundary', async () => {
    const a = [tensor('bf16', 'BF16', [1051, 1999], 1), tensor('mixed', 'F32', [1_100_003], 2), tensor('f64', 'F64', [3, 200_001], 3)];
    const b = [tensor('bf16', 'BF16', [1051, 1999], 5), tensor('mixed', 'BF16', [1_100_003], 6), tensor('f64', 'F64', [3, 200_001], 7)];
    new Float32Array(a[1]!.bytes.buffer)[1_048_576] = 7;
    const report = await compare('large', a, b, { workers: 2 });
    for (const [i, { name }] of a.entries())
      assertMatchesReference(tensorOf(report, name), a[i]!, b[i]!, (a[i]!.bytes.byteLength * 8) / bitsOf(a[i]!.dtype));
    assert.equal(tensorOf(report, 'mixed').maxAbsDeltaIndex, 1_048_576);
    assert.deepEqual(
      report.tensors.map(({ status }) => status),
      ['changed', 'retyped', 'changed'],
    );
    assert.deepEqual(timeless(await compareFiles(at('large-a.safetensors'), at('large-b.safetensors'), { workers: 3 })), timeless(report));
  });

  it('adds tensors up to modules, layers and the whole as if they were one vector', async () => {
    const names = ['embed.weight', 'layers.10.mlp.weight', 'layers.2.mlp.weight', 'layers.2.attn.weight'];
    const [a, b] = [0, 100].map((seed) => names.map((name, i) => tensor(name, 'F32', [7 + i, 11], seed + i)));
    const report = await compare('groups', a!, b!);
    const joined = (list: readonly { readonly bytes: Uint8Array }[]) => ({
      dtype: 'F32' as const,
      bytes: Buffer.concat(list.map(({ bytes }) => bytes)),
    });
    const expectGroup = (group: DiffReport['summary'], members: readonly number[]) => {
      const [sideA, sideB] = [joined(members.map((i) => a![i]!)), joined(members.map((i) => b![i]!))];
      const position = tensorOf(report, names[members[0]!]!).maxAbsDeltaIndex;
      assert.equal(group.maxAbsDeltaIndex, null);
      assert.equal(group.tensorCount, members.length);
      if (members.length === 1)
        assertMatchesReference({ ...group, maxAbsDeltaIndex: position } as never, sideA, sideB, sideA.bytes.byteLength / 4);
      else
        assert.ok(
          Math.abs(group.normDelta! ** 2 - members.reduce((sum, i) => sum + tensorOf(report, names[i]!).normDelta! ** 2, 0)) < 1e-12,
        );
    };
    expectGroup(report.summary, [0, 1, 2, 3]);
    assert.deepEqual(
      report.layers.map(({ key, label }) => [key, label]),
      [
        ['', 'outside layers'],
        ['layers.2', 'layer 2'],
        ['layers.10', 'layer 10'],
      ],
    );
    expectGroup(report.layers[0]!, [0]);
    expectGroup(report.layers[1]!, [2, 3]);
    expectGroup(report.layers[2]!, [1]);
    assert.deepEqual(
      report.modules.map(({ module, tensorCount }) => [module, tensorCount]),
      [
        ['embed', 1],
        ['mlp', 2],
        ['attn', 1],
      ],
    );
    assert.deepEqual(
      report.layers[1]!.modules.map(({ module }) => module),
      ['mlp', 'attn'],
    );
    expectGroup(report.modules[1]!, [1, 2]);
  });

  it('gives every tensor its status', async () => {
    const report = await compare(
      'statuses',
      [
        float32('identical', [2], [1, -0]),
        float32('other zero', [2], [1, -0]),
        float32('changed', [2], [1, 2]),
        float32('removed', [1], [1]),
        float32('grown', [1, 2], [1, 2]),
        float32('shrunk', [2, 2], [1, 2, 3, 4]),
        float32('reshaped', [2], [1, 2]),
        float32('retyped', [2], [1, 2]),
        tensor('codes', 'F4', [4], 1, anyBits),
        tensor('unread', 'F4', [4], 1, anyBits),
        float32('empty', [0, 3], []),
        float32('empty grown', [4, 0], []),
        float32('scalar', [], [3]),
      ],
      [
        float32('identical', [2], [1, -0]),
        float32('other zero', [2], [1, 0]),
        float32('changed', [2], [1, 2.5]),
        float32('grown', [2, 2], [1, 2, 9, 9]),
        float32('shrunk', [1, 2], [1, 4]),
        float32('reshaped', [1, 2], [1, 2]),
        { ...float32('retyped', [2], []), dtype: 'BF16', bytes: encode('BF16', [1, 2]) },
        tensor('codes', 'F4', [4], 2, anyBits),
        float32('unread', [4], [1, 2, 3, 4]),
        float32('empty', [0, 3], []),
        float32('empty grown', [5, 0], []),
        float32('scalar', [], [5]),
        float32('added', [1], [1]),
      ],
    );
    const facts = Object.fromEntries(
      report.tensors.map((diff) => [diff.name, [diff.status, diff.comparedCount, diff.changedCount, diff.normDelta]]),
    );
    assert.deepEqual(facts, {
      identical: ['identical', 2, 0, 0],
      'other zero': ['changed', 2, 0, 0],
      changed: ['changed', 2, 1, 0.5],
      removed: ['removed', null, null, null],
      grown: ['grown', 2, 0, 0],
      shrunk: ['shrunk', 2, 1, 2],
      reshaped: ['reshaped', null, null, null],
      retyped: ['retyped', 2, 0, 0],
      codes: ['changed', null, null, null],
      unread: ['unread', null, null, null],
      empty: ['identical', 0, 0, 0],
      'empty grown': ['grown', 0, 0, 0],
      scalar: ['changed', 1, 1, 2],
      added: ['added', null, null, null],
    });
    assert.deepEqual(report.summary.statuses, {
      identical: 2,
      equal: 0,
      changed: 4,
      retyped: 1,
      grown: 2,
      shrunk: 1,
      reshaped: 1,
      added: 1,
      removed: 1,
      unread: 1,
    });
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['grown', 'grown', 'shrunk', 'unread-dtype'],
    );
    assert.equal(
      report.findings[3]!.message,
      'unread is stored as codes of an unknown scheme and F32, of which one has no values that are read: whether it changed is unknown.',
    );
  });

  it('counts NaN and infinities, leaves them out of the sums, and says so', async () => {
    const report = await compare('nonfinite', [float32('x', [4], [NaN, 1, Infinity, 2])], [float32('x', [4], [NaN, 1, 3, -Infinity])]);
    const { status, comparedCount, changedCount, nonFiniteA, nonFiniteB, normA, normB } = tensorOf(report, 'x');
    assert.deepEqual(
      { status, comparedCount, changedCount, nonFiniteA, nonFiniteB, normA, normB },
      { status: 'changed', comparedCount: 1, changedCount: 2, nonFiniteA: 2, nonFiniteB: 2, normA: 1, normB: 1 },
    );
    assert.deepEqual(report.findings, [
      {
        severity: 'error',
        code: 'non-finite',
        tensor: 'x',
        message: 'x holds NaN or infinite values: 2 in A, 2 in B. Statistics leave those positions out.',
      },
    ]);
  });

  it('of 5,000 tiny tensors gives each its own values', async () => {
    const make = (shift: number) => Array.from({ length: 5000 }, (_, i) => float32(`t${i}`, [3], [i, 1, i % 7 === 0 ? 1 + shift : 1]));
    const report = await compare('tiny', make(0), make(0.25), { workers: 2 });
    assert.deepEqual(
      report.tensors.map(({ normDelta }) => normDelta),
      Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? 0.25 : 0)),
    );
    assert.deepEqual([report.summary.statuses.changed, report.summary.changedCount], [715, 715]);
    assert.ok(Math.abs(report.summary.normDelta! - 0.25 * Math.sqrt(715)) < 1e-12);
  });

  it('does not depend on the number of workers', async () => {
    const shape = fc.array(fc.nat(30), { maxLength: 3 });
    const dtype = fc.constantFrom<Dtype>('F64', 'F32', 'BF16', 'F16', 'F8_E5M2', 'I16', 'BOOL');
    const list = fc.array(fc.record({ shape, dtypeA: dtype, dtypeB: dtype, seed: fc.nat(1e6) }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 2, max: 3 }), async (tensors, workers) => {
        const side = (field: 'dtypeA' | 'dtypeB', shift: number) =>
          tensors.map((facts, i) =>
            tensor(`layers.${i % 3}.t${i}`, facts[field], facts.shape, facts.seed + shift, i % 2 === 0 ? weights : anyBits),
          );
        const one = await compare('property', side('dtypeA', 0), side('dtypeB', 1));
        const many = await compareFiles(at('property-a.safetensors'), at('property-b.safetensors'), { workers });
        assert.deepEqual(timeless(many), timeless(one));
      }),
      { numRuns: 3, seed: 20 },
    );
  });

  it('of a file with itself, a hard link or a symbolic link reads nothing', async () => {
    const tensors = [tensor('x', 'F32', [5, 5], 1), tensor('y', 'F4', [8], 2, anyBits)];
    await writeSafetensors(at('self.safetensors'), tensors);
    await link(at('self.safetensors'), at('hard.safetensors'));
    await symlink(at('self.safetensors'), at('soft.safetensors'));
    for (const other of ['self', 'hard', 'soft']) {
      const progress: number[] = [];
      const { tensors: diffs, summary } = await compareFiles(at('self.safetensors'), at(`${other}.safetensors`), {
        onProgress: (bytes) => progress.push(bytes),
      });
      assert.deepEqual(progress, []);
      assert.deepEqual(
        diffs.map(({ status, normA, normDelta }) => [status, normA, normDelta]),
        [
          ['identical', null, 0],
          ['identical', null, 0],
        ],
      );
      assert.deepEqual([summary.statuses.identical, summary.relativeChange, summary.changedCount, summary.normA], [2, 0, 0, null]);
    }
  });

  it('reads a hard-linked shard once and still has its norms', async () => {
    const [shared, oldPart, newPart] = [[float32('x', [2], [3, 4])], [float32('y', [1], [1])], [float32('y', [1], [2])]];
    await writeShardedCheckpoint(at('old'), [shared, oldPart]);
    await writeShardedCheckpoint(at('new-source'), [shared, newPart]);
    await mkdir(at('new'));
    await link(at('old', shardName(0, 2)), at('new', shardName(0, 2)));
    for (const name of [shardName(1, 2), 'model.safetensors.index.json']) await link(at('new-source', name), at('new', name));
    const done: number[][] = [];
    const report = await compareFiles(at('old'), at('new'), { onProgress: (bytes, total) => done.push([bytes, total]) });
    assert.deepEqual(done, [[16, 16]]);
    const { status, normA, normB, normDelta, cosine } = tensorOf(report, 'x');
    assert.deepEqual({ status, normA, normB, normDelta, cosine }, { status: 'identical', normA: 5, normB: 5, normDelta: 0, cosine: 1 });
    assert.equal(tensorOf(report, 'y').relativeChange, 1);
  });

  it('finds the prefix of a wrapped model by itself and says what it took', async () => {
    const plain = ['embed', 'layers.0.up', 'layers.1.up'].map((name, i) => float32(`model.${name}.weight`, [2, 2], [i, 1, 1, 1]));
    const wrapped = plain.map((entry) => ({ ...entry, name: `language_model.${entry.name}` }));
    const report = await compare('wrapped', plain, wrapped, { prefixMap: null });
    assert.deepEqual(report.prefixMap, [{ from: 'language_model.', to: '' }]);
    assert.deepEqual(
      report.tensors.map(({ name, nameB, status }) => [name, nameB, status]),
      plain.map(({ name }) => [name, `language_model.${name}`, 'identical']),
    );
    const exact = await compare('wrapped', plain, wrapped, { prefixMap: [] });
    assert.deepEqual([exact.summary.statuses.added, exact.summary.statuses.removed, exact.findings[0]!.code], [3, 3, 'nothing-matches']);
  });

  it('puts what only the wrapped model has into the same layers', async () => {
    const plain = ['embed', 'layers.0.up', 'layers.1.up'].map((name) => float32(`model.${name}.weight`, [2], [1, 1]));
    const extra = ['layers.1.q_norm', 'layers.2.up', 'lm_head'].map((name) => float32(`model.${name}.weight`, [3], [1, 1, 1]));
    const wrapped = [...plain, ...extra].map((entry) => ({ ...entry, name: `language_model.${entry.name}` }));
    const report = await compare('wrapped-more', plain, wrapped, { prefixMap: null });
    assert.deepEqual(
      report.layers.map(({ key, modules }) => [key, ...modules.map(({ module }) => module)]),
      [
        ['', 'model.embed', 'model.lm_head'],
        ['model.layers.0', 'up'],
        ['model.layers.1', 'up', 'q_norm'],
        ['model.layers.2', 'up'],
      ],
    );
    assert.equal(tensorOf(report, 'language_model.model.layers.1.q_norm.weight').status, 'added');
  });

  it('adds a prefix, and lists a rule that matches nothing as a finding instead of applied', async () => {
    const gpt2 = ['wte', 'h.0.up', 'h.1.up'].map((name) => float32(`transformer.${name}.weight`, [2], [1, 2]));
    const bare = gpt2.map((entry) => ({ ...entry, name: entry.name.replace('transformer.', '') }));
    const added = await compare('bare', gpt2, bare, { prefixMap: null });
    assert.deepEqual([added.prefixMap, added.summary.statuses.identical], [[{ from: '', to: 'transformer.' }], 3]);
    const given = [
      { from: 'model.', to: 'x.' },
      { from: '', to: 'transformer.' },
    ];
    const report = await compare('bare', gpt2, bare, { prefixMap: given });
    assert.deepEqual([report.prefixMap, report.findings.map(({ code }) => code)], [[given[1]], ['prefix-rule-unused']]);
    assert.match(report.findings[0]!.message, /"model\.=x\." is not applied: it turns no unmatched name of B into a name of A/);
  });

  it('proposes no prefixes in reasonable time where thousands of names end alike', async () => {
    const names = (prefix: string) => Array.from({ length: 5000 }, (_, i) => float32(`${prefix}_${i}.lora_up.weight`, [0], []));
    const started = performance.now();
    const report = await compare('lora', names('a'), names('b'), { prefixMap: null });
    assert.deepEqual([report.prefixMap, report.summary.statuses.added], [[], 5000]);
    assert.ok(performance.now() - started < 10_000);
  });

  it('reports progress in bytes up to the total', async () => {
    const big = tensor('x', 'BF16', [5_000_000], 1);
    const done: number[][] = [];
    await compare('progress', [big], [big], { onProgress: (bytes: number, total: number) => done.push([bytes, total]) });
    assert.deepEqual(done, [
      [8_388_608, 20_000_000],
      [16_777_216, 20_000_000],
      [20_000_000, 20_000_000],
    ]);
  });

  it('of checkpoints without tensors is empty', async () => {
    const report = await compare('none', [], []);
    assert.deepEqual([report.tensors, report.layers, report.summary.tensorCount, report.summary.normDelta], [[], [], 0, null]);
  });

  it('does not begin when it is cancelled before', async () => {
    await writeSafetensors(at('early.safetensors'), [float32('x', [1], [1])]);
    const checkpoint = await openModel(at('early.safetensors'));
    await assert.rejects(compareVersions(checkpoint, checkpoint, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });
});
