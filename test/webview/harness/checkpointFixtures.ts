import type { CheckpointSummary } from '../../../src/webview/index.js';

interface TensorFacts {
  readonly name: string;
  readonly layer: string;
  readonly module: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly shard: number;
}

function summaryOf(facts: readonly TensorFacts[], part: Partial<CheckpointSummary>): CheckpointSummary {
  const elements = facts.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  const bytes = elements.map((count, index) => count * (facts[index]?.dtype === 'F32' ? 4 : 2));
  return {
    path: '/models/base-1',
    name: 'base-1',
    modelType: 'llama',
    architecture: 'LlamaForCausalLM',
    parameterCount: elements.reduce((sum, count) => sum + count, 0),
    uncountedWeights: 0,
    scheme: null,
    adapter: null,
    byteLength: bytes.reduce((sum, count) => sum + count, 0),
    dtypes: [['BF16', facts.length]],
    shards: [{ name: 'model.safetensors', byteLength: 2_200_119_864, metadata: { format: 'pt' } }],
    findings: [],
    tensors: {
      length: facts.length,
      names: facts.map(({ name }) => name),
      dtypes: facts.map(({ dtype }) => dtype),
      shapes: facts.map(({ shape }) => shape.join(' × ')),
      byteLength: Float64Array.from(bytes),
      elementCount: Float64Array.from(elements),
      shard: Uint32Array.from(facts, ({ shard }) => shard),
      layers: facts.map(({ layer }) => layer),
      modules: facts.map(({ module }) => module),
    },
    ...part,
  };
}

const modules = [
  ['self_attn.q_proj', [2048, 2048]],
  ['self_attn.k_proj', [256, 2048]],
  ['self_attn.v_proj', [256, 2048]],
  ['self_attn.o_proj', [2048, 2048]],
  ['mlp.gate_proj', [5632, 2048]],
  ['mlp.up_proj', [5632, 2048]],
  ['mlp.down_proj', [2048, 5632]],
  ['input_layernorm', [2048]],
  ['post_attention_layernorm', [2048]],
] as const;

/** A 1.1B Llama in two shards; attention has weights and biases. */
export function realisticCheckpoint(): CheckpointSummary {
  const fact = (name: string, layer: string, module: string, shape: readonly number[], shard = 0): TensorFacts => {
    return { name, layer, module, shape, shard, dtype: module.includes('norm') ? 'F32' : 'BF16' };
  };
  const layers = Array.from({ length: 22 }, (_, layer) =>
    modules.flatMap(([module, shape]) => {
      const [key, shard] = [`model.layers.${layer}`, layer < 11 ? 0 : 1];
      const weight = fact(`${key}.${module}.weight`, key, module, shape, shard);
      return module.startsWith('self_attn') ? [weight, fact(`${key}.${module}.bias`, key, module, [shape[0]], shard)] : [weight];
    }),
  ).flat();
  return summaryOf(
    [
      fact('model.embed_tokens.weight', '', 'embed_tokens', [32000, 2048]),
      ...layers,
      fact('model.norm.weight', '', 'norm', [2048], 1),
      fact('lm_head.weight', '', 'lm_head', [32000, 2048], 1),
    ],
    {
      dtypes: [
        ['BF16', 245],
        ['F32', 45],
      ],
      shards: [
        { name: 'model-00001-of-00002.safetensors', byteLength: 1_100_059_932, metadata: { format: 'pt' } },
        {
          name: 'model-00002-of-00002.safetensors',
          byteLength: 1_100_059_932,
          metadata: { format: 'pt', 'trained by': 'an invented laboratory' },
        },
      ],
      findings: [{ severity: 'warning', message: 'The index says 2,200,000,000 bytes, the shards hold 2,200,119,864.' }],
    },
  );
}

const attack = '<script>globalThis.hacked = true</script><img src=x onerror="globalThis.hacked=true">';

export function hostileCheckpoint(): CheckpointSummary {
  const fact = { dtype: 'BF16', shape: [2, 2], shard: 0 };
  return summaryOf(
    [
      { ...fact, name: attack, layer: attack, module: attack },
      { ...fact, name: '\u202Egnp.weight', layer: '', module: 'x' },
      { ...fact, name: '', layer: '', module: '' },
    ],
    {
      name: attack,
      architecture: attack,
      path: `/models/${attack}`,
      shards: [{ name: attack, byteLength: 12, metadata: { [attack]: attack, __proto__: 'x' } }],
      findings: [{ severity: attack, message: attack, tensor: attack }],
    },
  );
}

export function hugeCheckpoint(): CheckpointSummary {
  const facts = Array.from({ length: 100_000 }, (_, index) => {
    const layer = `model.layers.${Math.floor(index / 1200)}`;
    const expert = index % 1200;
    return {
      name: `${layer}.mlp.experts.${expert}.weight`,
      layer,
      module: `mlp.experts.${expert % 400}`,
      dtype: 'BF16',
      shape: [1024, 2048],
      shard: 0,
    };
  });
  return summaryOf(facts, {});
}
