import assert from 'node:assert/strict';
import { writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { compareCheckpoints, type DiffReport } from '../../../src/compare/index.js';
import { WorkerPool } from '../../../src/compute/index.js';
import { openModel } from '../../../src/model/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { simd, tensorOf } from './support/compareFiles.js';
import { configOf, dense, fusedAttention, inWrapper, mixture } from '../../support/rewrites.js';
import { llama, turned, writeModel, type Sizes, type SmallModel } from '../../support/smallModel.js';

const small: Sizes = { hidden: 24, heads: 4, keyValueHeads: 2, headSize: 8, intermediate: 20, experts: 0, layers: 2, bias: false };

describe('diff of a model and its own copy written otherwise', () => {
  const at = temporaryFolder();
  let number = 0;
  let pool: WorkerPool;
  let release: () => void;
  let ended: Promise<void>;

  before(
    () =>
      new Promise<void>((ready) => {
        ended = WorkerPool.use({ engine: 'simd', workers: 1 }, undefined, (opened) => {
          pool = opened;
          ready();
          return new Promise<void>((resolve) => (release = resolve));
        });
      }),
  );
  after(async () => {
    release();
    await ended;
  });

  async function diff(a: SmallModel, b: SmallModel, config: object | null = null): Promise<DiffReport> {
    const [pathA, pathB] = [at(`${number}-a/model.safetensors`), at(`${number++}-b/model.safetensors`)];
    await Promise.all([writeModel(pathA, a), writeModel(pathB, b)]);
    if (config !== null)
      await Promise.all(
        [pathA, pathB].map(async (path) => {
          await mkdir(dirname(path), { recursive: true });
          await writeFile(`${dirname(path)}/config.json`, JSON.stringify(config));
        }),
      );
    const [versionA, versionB] = await Promise.all([openModel(dirname(pathA)), openModel(dirname(pathB))]);
    return compareCheckpoints(versionA, versionB, { engine: simd, pool, prefixMap: null });
  }

  function assertSame(report: DiffReport, what: string): void {
    const { statuses, coverage, relativeChange, changedCount } = report.summary;
    const others = report.tensors
      .filter(({ status }) => status !== 'identical')
      .map(({ name, status, relativeChange: change }) => [name, status, change]);
    assert.deepEqual(others, [], `${what}: ${JSON.stringify(statuses)}`);
    assert.deepEqual([relativeChange, changedCount], [0, 0], what);
    assert.equal(coverage!.compared, coverage!.parameters, what);
  }

  for (const [rewrites, experts] of [
    [dense, 0],
    [mixture, 3],
  ] as const) {
    for (const [what, rewrite] of Object.entries(rewrites)) {
      it(`is 0 both ways: ${what}`, async () => {
        const sizes = { ...small, experts, bias: what.startsWith('qkv') };
        const model = llama(sizes, 1);
        const other = rewrite(model, sizes);
        assert.notDeepEqual([...other.keys()], what === 'transposed' ? [] : [...model.keys()]);
        assertSame(await diff(model, other, configOf(sizes)), what);
        assertSame(await diff(other, model, configOf(sizes)), `${what}, the other way`);
      });
    }
  }

  it('is 0 for any sizes, squares among them, and any of these on either side (seed 15)', async () => {
    const size = fc.constantFrom(4, 6, 8);
    const sizesOf = fc.record({
      hidden: fc.constantFrom(16, 24, 32),
      heads: fc.constantFrom(2, 4),
      keyValueHeads: fc.constantFrom(1, 2),
      headSize: size,
      intermediate: fc.constantFrom(12, 16, 32),
      experts: fc.constantFrom(0, 2, 4),
      layers: fc.constant(2),
      bias: fc.boolean(),
    });
    const choices = (sizes: Sizes) => Object.entries(sizes.experts === 0 ? dense : mixture);
    await fc.assert(
      fc.asyncProperty(sizesOf, fc.nat(999), fc.nat(999), async (sizes, first, second) => {
        const list = choices(sizes);
        const [[whatA, a], [whatB, b]] = [list[first % list.length]!, list[second % list.length]!];
        const model = llama(sizes, first + second);
        assertSame(await diff(a(model, sizes), b(model, sizes), configOf(sizes)), `${whatA} and ${whatB}, ${JSON.stringify(sizes)}`);
      }),
      { seed: 15, numRuns: 40, includeErrorInReport: true },
    );
  });

  it('says why each was matched, and where values lie', async () => {
    const model = llama({ ...small, layers: 1 }, 3);
    const report = await diff(model, fusedAttention()(model, small));
    const reason = (name: string) => tensorOf(report, `model.layers.0.${name}.weight`).matchedBy;
    assert.equal(reason('self_attn.q_proj'), 'rows 0..31 of qkv_proj');
    assert.equal(reason('self_attn.v_proj'), 'rows 48..63 of qkv_proj');
    assert.equal(reason('mlp.up_proj'), 'equal name');
    assert.equal(tensorOf(report, 'model.layers.0.self_attn.k_proj.weight').nameB, 'model.layers.0.self_attn.qkv_proj.weight');
  });

  it('reports the order that the values show, and one that they do not show', async () => {
    const model = llama(small, 4);
    const packed = await diff(model, fusedAttention([1, 0, 2])(model, small));
    const found = packed.findings.find(({ code }) => code === 'order-by-values');
    assert.match(found?.message ?? '', /qkv_proj: .* Read as "k, q, v", which fits, and not as "q, k, v": cosine "k, q, v" 1/);
    const unrelated = await diff(llama(small, 5), fusedAttention()(llama(small, 6), small));
    assert.match(unrelated.findings.find(({ code }) => code === 'order-unchecked')?.message ?? '', /Compared as named \(q, k, v\)/);
  });

  it('puts what only B has into the layers of A, whatever they are called there', async () => {
    const model = llama(small, 11);
    const extra = (name: string): SmallModel => new Map([...model, [name, model.get('model.norm.weight')!]]);
    const other = dense['native, rotary rows interleaved']!(extra('model.layers.1.self_attn.extra.weight'), small);
    const report = await diff(model, inWrapper('_orig_mod')(other), configOf(small));
    assert.deepEqual(
      report.layers.map(({ key }) => key),
      ['', 'model.layers.0', 'model.layers.1'],
    );
    assert.deepEqual(
      report.tensors.filter(({ status }) => status === 'added').map(({ layer }) => layer),
      ['model.layers.1'],
    );
  });

  it('finds a square matrix transposed under its own name, and leaves a changed one alone', async () => {
    const model = llama({ ...small, headSize: 6 }, 7);
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const report = await diff(model, new Map([...model, [name, turned(model.get(name)!)]]));
    assert.deepEqual([tensorOf(report, name).matchedBy, tensorOf(report, name).status], ['transposed', 'identical']);
    const other = await diff(model, new Map([...model, [name, llama({ ...small, headSize: 6 }, 8).get(name)!]]));
    assert.deepEqual([tensorOf(other, name).matchedBy, tensorOf(other, name).status], ['equal name', 'changed']);
  });
});
