/** How people write the model of `smallModel.ts` otherwise: names, parts in one tensor, orders, transposes. */
import {
  behindEachOther,
  byGroup,
  interleavedRotary,
  merged,
  renamed,
  stacked,
  turned,
  type Sizes,
  type SmallModel,
  type Values,
} from './smallModel.js';

export type Rewrite = (model: SmallModel, sizes: Sizes) => SmallModel;

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
export const fusedAttention = (order: readonly number[] = [0, 1, 2], name = 'self_attn.qkv_proj') =>
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
export const inWrapper = (wrapper: string) => (model: SmallModel) =>
  renamed(model, (name) => name.replace(/(layers\.\d+\.)/, `$1${wrapper}.`));
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

/** What `config.json` says of such a model. */
export const configOf = ({ hidden, heads, keyValueHeads, headSize }: Sizes) => ({
  model_type: 'llama',
  hidden_size: hidden,
  num_attention_heads: heads,
  num_key_value_heads: keyValueHeads,
  head_dim: headSize,
});

/** Ways in which a dense model is written. */
export const dense: Readonly<Record<string, Rewrite>> = {
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
/** Ways in which a mixture of experts is written. */
export const mixture: Readonly<Record<string, Rewrite>> = {
  'experts in one': fusedExperts([0, 1], asIs),
  'experts in one, up first': fusedExperts([1, 0], asIs),
  'experts in one, transposed': fusedExperts([0, 1], turned),
  Mixtral: mixtral,
  'wrapped, another prefix, in one': (model, sizes) => withPrefix(inWrapper('_orig_mod')(fusedExperts([0, 1], turned)(model, sizes))),
};
