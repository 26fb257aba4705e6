import type { DiffReport, TensorDetail, TensorDiff } from '../../../src/compare/report/index.js';
import { Random } from './random.js';
import { noStatistics, plainStatistics, reportOf, sideOf, statisticsOf, unchanged } from './report.js';

const modules = [
  ['self_attn.q_proj', [2048, 2048], 1],
  ['self_attn.k_proj', [256, 2048], 1.3],
  ['self_attn.v_proj', [256, 2048], 0.7],
  ['self_attn.o_proj', [2048, 2048], 0.8],
  ['mlp.gate_proj', [5632, 2048], 1.1],
  ['mlp.up_proj', [5632, 2048], 0.9],
  ['mlp.down_proj', [2048, 5632], 0.6],
  ['input_layernorm', [2048], 0.05],
  ['post_attention_layernorm', [2048], 0.04],
] as const;

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** Has every field, so that the objects spread from it keep one fast shape. */
const emptyTensor: TensorDiff = {
  name: '',
  nameB: null,
  matchedBy: 'equal name',
  kind: 'parameter',
  schemeA: null,
  schemeB: null,
  codes: null,
  status: 'changed',
  layer: '',
  module: '',
  dtypeA: 'BF16',
  dtypeB: 'BF16',
  shapeA: null,
  shapeB: null,
  ...noStatistics,
};

function tensor(name: string, layer: string, module: string, shape: readonly number[], part: Partial<TensorDiff>): TensorDiff {
  return { ...emptyTensor, name, layer, module, shapeA: shape, shapeB: shape, ...part };
}

function layerTensors(layer: number, layers: number, random: Random): TensorDiff[] {
  const depth = layer / layers;
  const strength = 0.004 * (0.25 + 1.6 * depth ** 2 + 0.5 * Math.exp(-((layer - 3) ** 2) / 4));
  return modules.map(([module, shape, weight]) => {
    const change = strength * weight * (0.8 + 0.4 * random.next());
    const statistics = layer === 0 && module.includes('norm') ? unchanged(size(shape)) : statisticsOf(size(shape), change, random);
    const status = statistics.changedCount === 0 ? 'identical' : 'changed';
    return tensor(`model.layers.${layer}.${module}.weight`, `model.layers.${layer}`, module, shape, { ...statistics, status });
  });
}

function outsideTensors(random: Random): TensorDiff[] {
  const shape = [32000, 2048];
  const embedding = statisticsOf(size(shape), 0.0011, random);
  return [
    tensor('model.embed_tokens.weight', '', 'embed_tokens', shape, { ...embedding, status: 'grown', shapeB: [32004, 2048] }),
    tensor('model.norm.weight', '', 'norm', [2048], { ...statisticsOf(2048, 0.0002, random), status: 'retyped', dtypeB: 'F32' }),
    tensor('lm_head.weight', '', 'lm_head', shape, {
      ...statisticsOf(size(shape), 0.0063, random),
      status: 'grown',
      shapeB: [32004, 2048],
    }),
  ];
}

/** A fine-tune of a 1.1B Llama: 32 layers × 9 modules, a grown vocabulary, a retyped norm. */
export function realisticReport(layers = 32): DiffReport {
  const random = new Random(1);
  const inside = Array.from({ length: layers }, (_, layer) => layerTensors(layer, layers, random)).flat();
  const tensors = [...outsideTensors(random), ...inside];
  return reportOf(tensors, {
    findings: [
      {
        severity: 'info',
        code: 'vocabulary',
        message: 'B has 4 more tokens than A; the shared 32,000 rows are compared.',
        tensor: 'model.embed_tokens.weight',
      },
    ],
    b: sideOf('finetuned-1', tensors.length, 1_100_056_576, {
      findings: [
        {
          severity: 'warning',
          code: 'index-total-size',
          message: 'The index says 2,200,000,000 bytes, the shards hold 2,200,119,864. The index is only a hint; nothing needs to be done.',
        },
      ],
      textFiles: ['config.json', 'tokenizer_config.json', 'chat_template.jinja'],
    }),
  });
}

/** The same in the middle of its comparison: the later layers were not reached. */
export function halfReport(): DiffReport {
  const whole = realisticReport();
  const tensors = whole.tensors.map((diff, index): TensorDiff =>
    index < whole.tensors.length / 2 ? diff : { ...diff, ...noStatistics, status: 'unread' },
  );
  return reportOf(tensors, { companions: null });
}

/** Every status at least once, with NaN and infinities among the statistics. */
export function mixedReport(): DiffReport {
  const random = new Random(2);
  const shape = [64, 32];
  const layer = 'model.layers.0';
  const some = statisticsOf(2048, 0.01, random);
  const tensors = [
    tensor('model.layers.0.self_attn.q_proj.weight', layer, 'self_attn.q_proj', shape, { ...unchanged(2048), status: 'identical' }),
    tensor('model.layers.0.self_attn.k_proj.weight', layer, 'self_attn.k_proj', shape, { ...some, nonFiniteB: 3 }),
    tensor('model.layers.0.self_attn.v_proj.weight', layer, 'self_attn.v_proj', shape, { ...some, status: 'retyped', dtypeA: 'F32' }),
    tensor('model.embed_tokens.weight', '', 'embed_tokens', shape, { ...some, status: 'grown', shapeB: [65, 32] }),
    tensor('model.layers.0.mlp.up_proj.weight', layer, 'mlp.up_proj', shape, { status: 'reshaped', shapeB: [32, 64] }),
    tensor('model.layers.0.mlp.extra.weight', layer, 'mlp.extra', shape, { status: 'added', shapeA: null, dtypeA: null }),
    tensor('model.layers.0.mlp.gone.weight', layer, 'mlp.gone', shape, { status: 'removed', shapeB: null, dtypeB: null }),
    tensor('model.layers.0.mlp.packed.weight', layer, 'mlp.packed', shape, { status: 'unread', dtypeA: 'F4', dtypeB: 'F4' }),
    tensor('model.layers.1.mlp.up_proj.weight', 'model.layers.1', 'mlp.up_proj', shape, {
      ...some,
      normA: 0,
      relativeChange: Infinity,
      cosine: NaN,
    }),
    tensor('model.norm.weight', '', 'norm', [], {
      ...some,
      nameB: 'language_model.model.norm.weight',
      matchedBy: 'prefix language_model.model. is model.',
    }),
    tensor('lm_head.weight', '', 'lm_head', [65, 32], { ...some, status: 'shrunk', shapeB: shape }),
  ];
  return reportOf(tensors, {
    prefixMap: [{ from: 'language_model.model.', to: 'model.' }],
    nameMap: [{ pattern: 'old.*', replacement: 'model.$1' }],
    findings: [
      {
        severity: 'warning',
        code: 'unread',
        message: 'The values of F4 tensors are not read; whether they are equal is unknown.',
        tensor: 'model.layers.0.mlp.packed.weight',
      },
      {
        severity: 'error',
        code: 'non-finite',
        message: '3 values of B are NaN or infinite; they are left out of the statistics.',
        tensor: 'model.layers.0.self_attn.k_proj.weight',
      },
    ],
  });
}

/** A quantised copy of which a part has no values that are read: nothing that was compared differs. */
export function partlyComparedReport(): DiffReport {
  const shape = [64, 32];
  const scheme = 'bitsandbytes nf4';
  const unread = { status: 'unread', dtypeB: 'U8', schemeB: scheme } as const;
  const tensors = [
    tensor('model.embed_tokens.weight', '', 'embed_tokens', shape, { ...unchanged(2048), status: 'identical' }),
    tensor('model.layers.0.self_attn.q_proj.weight', 'model.layers.0', 'self_attn.q_proj', shape, unread),
    tensor('model.layers.0.mlp.up_proj.weight', 'model.layers.0', 'mlp.up_proj', shape, unread),
  ];
  const report = reportOf(tensors, { b: sideOf('copy', 3, 6144, { scheme }) });
  return {
    ...report,
    summary: { ...report.summary, coverage: { compared: 2048, parameters: 6144, uncountedWeights: 0 } },
    companions: {
      settings: [{ name: 'quantization_config', a: 'not set', b: '{"quant_method":"bitsandbytes"}' }],
      adapter: [],
      making: [],
      metadata: [{ name: 'format', a: 'pt', b: null }],
      files: [],
    },
  };
}

/** The same bytes throughout. */
export function identicalReport(): DiffReport {
  return reportOf([tensor('model.embed_tokens.weight', '', 'embed_tokens', [64, 32], { ...unchanged(2048), status: 'identical' })]);
}

const attack = '<script>globalThis.hacked = true</script><img src=x onerror="globalThis.hacked=true">';

/** Names, messages and paths that would run as markup if any of them were treated so. */
export function hostileReport(): DiffReport {
  const random = new Random(3);
  const names = [
    `model.layers.0.${attack}.weight`,
    attack,
    '${globalThis.hacked = true}',
    '"><svg onload=globalThis.hacked=true>',
    '\u202Egnp.weight',
    'a'.repeat(4000),
  ];
  const tensors = names.map((name, index) => {
    return tensor(name, index === 0 ? `model.layers.${attack}` : '', name, [8, 8], {
      ...statisticsOf(64, 0.01, random),
      nameB: index === 1 ? attack : null,
    });
  });
  return reportOf(tensors, {
    a: sideOf(attack, 6, 384, { architecture: attack, path: `/models/${attack}`, textFiles: [attack] }),
    b: sideOf('b', 6, 384, { textFiles: [attack] }),
    prefixMap: [{ from: attack, to: '"onfocus=globalThis.hacked=true autofocus="' }],
    engine: { name: 'gpu', detail: attack, reason: attack },
    findings: [{ severity: 'error', code: 'x', message: attack, tensor: attack }],
  });
}

/** 100,000 tensors: a mixture of experts with 90 layers. */
export function hugeReport(count = 100_000): DiffReport {
  const random = new Random(4);
  const experts = Math.floor(count / 90 / 3);
  const kinds = ['gate_proj', 'up_proj', 'down_proj'];
  const tensors: TensorDiff[] = [];
  for (let layer = 0; layer < 90; layer++) {
    for (let expert = 0; expert < experts; expert++) {
      for (const kind of kinds) {
        const name = `model.layers.${layer}.mlp.experts.${expert}.${kind}.weight`;
        const statistics = plainStatistics(1024 * 2048, 0.02 * random.next() ** 3, random);
        tensors.push(tensor(name, `model.layers.${layer}`, `mlp.experts.${kind}`, [1024, 2048], statistics));
      }
    }
  }
  while (tensors.length < count) {
    tensors.push(tensor(`extra.${tensors.length}.weight`, '', `extra.${tensors.length}`, [16], plainStatistics(16, 0.001, random)));
  }
  return reportOf(tensors);
}

const tokens = ['ĠParis', 'Ġthe', '\n', '<s>', '日本', ' ', '\t\t', 'Ġüber', attack, '\u0000'];

/** Rows, columns and picture of one tensor, as large as the engine would send them. */
export function detailOf(diff: TensorDiff): TensorDetail {
  const random = new Random(5);
  const shape = diff.shapeA ?? [1, 1];
  const columnCount = shape.at(-1) ?? 1;
  const rowCount = Math.max(1, size(shape) / columnCount);
  const [height, width] = [Math.min(64, rowCount), Math.min(96, columnCount)];
  const profile = (length: number): number[] =>
    Array.from({ length }, (_, index) => 0.4 + 0.2 * Math.sin(index / 9) + 0.1 * Math.abs(random.normal()));
  const rows = Math.min(256, rowCount);
  const columns = Math.min(256, columnCount);
  const embedding = diff.module.includes('embed');
  return {
    name: diff.name,
    shape,
    statistics: { ...statisticsOf(size(shape), 0.01, random), maxAbsDeltaIndex: 0 } as TensorDetail['statistics'],
    rowNorms: profile(rows),
    columnNorms: profile(columns),
    rowsPerEntry: Math.ceil(rowCount / rows),
    columnsPerEntry: Math.ceil(columnCount / columns),
    changedRows: Array.from({ length: Math.min(100, rowCount) }, (_, index) => ({
      row: (index * 7919) % rowCount,
      normDelta: 0.9 / (index + 1),
      relativeChange: index === 3 ? Infinity : 0.5 / (index + 1),
      token: embedding ? (tokens[index % tokens.length] ?? null) : null,
    })),
    picture: {
      height,
      width,
      rowCount,
      columnCount,
      cells: Array.from({ length: height * width }, () => 1e-4 * Math.abs(random.normal()) ** 3),
    },
    spread: spreadOf(diff),
  };
}

/** Bells, that of B a little wider. */
function spreadOf({ normDelta, comparedCount }: TensorDiff): TensorDetail['spread'] {
  const deviation = (normDelta ?? 0) / Math.sqrt(comparedCount ?? 1);
  const bell = (spread: number): number[] =>
    Array.from({ length: 98 }, (_, bin) => Math.round(20_000 * Math.exp(-(((bin - 48.5) / spread) ** 2) / 2)));
  return { deltaSpan: 5 * deviation, valueSpan: 0.125, delta: bell(10), a: bell(9), b: bell(12) };
}
