import assert from 'node:assert/strict';
import { writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { compareCheckpoints, type DiffReport } from '../../../src/compare/index.js';
import { WorkerPool } from '../../../src/compute/index.js';
import { openModel } from '../../../src/model/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { simd, tensorOf } from './support/compareFiles.js';
import {
  behindEachOther,
  byGroup,
  interleavedRotary,
  llama,
  merged,
  renamed,
  stacked,
  turned,
  writeModel,
  type Sizes,
  type SmallModel,
  type Values,
} from './support/smallModel.js';

const small: Sizes = { hidden: 24, heads: 4, keyValueHeads: 2, headSize: 8, intermediate: 20, experts: 0, layers: 2, bias: false };

type Rewrite = (model: SmallModel, sizes: Sizes) => SmallModel;

function layersOf(model: SmallModel): string[] {
  return [...new Set([...model.keys()].flatMap((name) => /^.*?layers\.\d+\./.exec(name)?.[0] ?? []))];
}

function mergedEverywhere(parts: readonly string[], whole: string, merge: (of: readonly Values[]) => Values): Rewrite {
  return (model) =>
    layersOf(model).reduce(
      (result, at) =>
        ['weight', 'bias'].reduce(
          (found, leaf) =>
            merged(
              found,
              parts.map((part) => `${at}${part}.${leaf}`),
              `${at}${whole}.${leaf}`,
              merge,
            ),
          result,
        ),
      model,
    );
}

const attention = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'];
const inOrder = (order: readonly number[]) => (of: readonly Values[]) => behindEachOther(order.map((number) => of[number]!));
const fusedAttention = (order: readonly number[] = [0, 1, 2], name = 'self_attn.qkv_proj') =>
  mergedEverywhere(attention, name, inOrder(order));
const groupedAttention: Rewrite = (model, sizes) =>
  mergedEverywhere(attention, 'attention.wqkv', (of) => byGroup(of, sizes.keyValueHeads))(model, sizes);
const fusedExpansion = (order: readonly number[] = [0, 1]) =>
  mergedEverywhere(['mlp.gate_proj', 'mlp.up_proj'], 'mlp.gate_up_proj', inOrder(order));

/** Experts of transformers 5, or with the axes of Llama 4 and gpt-oss. */
const fusedExperts =
  (order: readonly number[], arrange: (of: Values) => Values): Rewrite =>
  (model, { experts }) =>
    layersOf(model).reduce((result, at) => {
      const names = (role: string) => Array.from({ length: experts }, (_, expert) => `${at}mlp.experts.${expert}.${role}.weight`);
      const expansion = merged(result, [...names('gate_proj'), ...names('up_proj')], `${at}mlp.experts.gate_up_proj`, (of) =>
        arrange(inOrder(order)([stacked(of.slice(0, experts)), stacked(of.slice(experts))])),
      );
      return merged(expansion, names('down_proj'), `${at}mlp.experts.down_proj`, (of) => arrange(stacked(of)));
    }, model);

const asIs = (of: Values): Values => of;
const inWrapper = (wrapper: string) => (model: SmallModel) => renamed(model, (name) => name.replace(/(layers\.\d+\.)/, `$1${wrapper}.`));
const withPrefix = (model: SmallModel) =>
  renamed(model, (name) => (name.startsWith('lm_head') ? name : name.replace('model.', 'model.language_model.')));

const nativeNames: readonly (readonly [string, string])[] = [
  ['model.embed_tokens', 'tok_embeddings'],
  ['lm_head', 'output'],
  ['model.norm', 'norm'],
  ['model.layers', 'layers'],
  ['self_attn.q_proj', 'attention.wq'],
  ['self_attn.k_proj', 'attention.wk'],
  ['self_attn.v_proj', 'attention.wv'],
  ['self_attn.o_proj', 'attention.wo'],
  ['mlp.gate_proj', 'feed_forward.w1'],
  ['mlp.up_proj', 'feed_forward.w3'],
  ['mlp.down_proj', 'feed_forward.w2'],
  ['input_layernorm', 'attention_norm'],
  ['post_attention_layernorm', 'ffn_norm'],
];

/** As published by Meta and Mistral. */
const native: Rewrite = (model, { headSize }) => {
  const permuted = new Map(
    [...model].map(([name, values]) => [name, /[qk]_proj/.test(name) ? interleavedRotary(values, headSize) : values] as const),
  );
  return renamed(permuted, (name) => nativeNames.reduce((text, [from, to]) => text.replace(from, to), name));
};

const mixtral: Rewrite = (model) =>
  renamed(model, (name) =>
    name.replace('.mlp.', '.block_sparse_moe.').replace('gate_proj', 'w1').replace('up_proj', 'w3').replace('down_proj', 'w2'),
  );

/** All dense layers the other way round, as GPT-2's `Conv1D` has them. */
const conv1d: Rewrite = (model) =>
  new Map([...model].map(([name, values]) => [name, /_proj\.weight$/.test(name) ? turned(values) : values] as const));

const gammaAndBeta: Rewrite = (model) => renamed(model, (name) => name.replace(/(norm)\.weight$/, '$1.gamma'));

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

  const configOf = ({ hidden, heads, keyValueHeads, headSize }: Sizes) => ({
    model_type: 'llama',
    hidden_size: hidden,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headSize,
  });

  const dense: Readonly<Record<string, Rewrite>> = {
    'qkv in one': fusedAttention(),
    'Baichuan, W_pack': fusedAttention([0, 1, 2], 'self_attn.W_pack'),
    'gate and up in one': fusedExpansion(),
    'both in one': (model, sizes) => fusedExpansion()(fusedAttention()(model, sizes), sizes),
    'packed k, q, v': fusedAttention([1, 0, 2]),
    'packed up, gate': fusedExpansion([1, 0]),
    'qkv for each key and value head': groupedAttention,
    transposed: conv1d,
    'transposed and in one': (model, sizes) => conv1d(fusedExpansion()(fusedAttention()(model, sizes), sizes), sizes),
    'native, rotary rows interleaved': native,
    gamma: gammaAndBeta,
    'checkpoint wrapper': inWrapper('_checkpoint_wrapped_module'),
    'another prefix, in one': (model, sizes) => withPrefix(fusedAttention()(model, sizes)),
  };
  const mixture: Readonly<Record<string, Rewrite>> = {
    'experts in one': fusedExperts([0, 1], asIs),
    'experts in one, up first': fusedExperts([1, 0], asIs),
    'experts in one, transposed': fusedExperts([0, 1], turned),
    Mixtral: mixtral,
    'wrapped, another prefix, in one': (model, sizes) => withPrefix(inWrapper('_orig_mod')(fusedExperts([0, 1], turned)(model, sizes))),
  };

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

  it('finds a square matrix transposed under its own name, and leaves a changed one alone', async () => {
    const model = llama({ ...small, headSize: 6 }, 7);
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const report = await diff(model, new Map([...model, [name, turned(model.get(name)!)]]));
    assert.deepEqual([tensorOf(report, name).matchedBy, tensorOf(report, name).status], ['transposed', 'identical']);
    const other = await diff(model, new Map([...model, [name, llama({ ...small, headSize: 6 }, 8).get(name)!]]));
    assert.deepEqual([tensorOf(other, name).matchedBy, tensorOf(other, name).status], ['equal name', 'changed']);
  });
});
