/** Layouts of quantised weights by the documented names of the tools that write them: the tensors that stand for `X.weight`. */
import type { Dtype } from '../../../../src/checkpoint/index.js';
import type { HeaderEntry } from '../support/headerModel.js';

export interface Layout {
  /** Tensors of a module of `rows × columns`, the codes first. */
  readonly tensors: (module: string, rows: number, columns: number) => HeaderEntry[];
  /** `quantization_config` of a model that has it; null where nothing states it. */
  readonly settings: Readonly<Record<string, unknown>> | null;
  /** How the scheme is called when a file states it, and when none does. */
  readonly name: string;
  readonly alone: string;
  /** Parts without which the layout is still whole. */
  readonly optional?: readonly string[];
  /** Whether the weight's shape is found. */
  readonly hasShape: boolean;
}

const unknown = 'codes of an unknown scheme';
const blocks = (size: number): number => Math.ceil(size / 128);

/** A layout that is recognised by names and dtypes. */
function known(name: string, settings: Layout['settings'], tensors: Layout['tensors'], more: Partial<Layout> = {}): Layout {
  return { name, alone: name, settings, tensors, hasShape: true, ...more };
}

/** A layout whose method is only known where a file states it. */
function stated(name: string, method: string, tensors: Layout['tensors'], optional: readonly string[] = []): Layout {
  return { name, alone: unknown, settings: { quant_method: method }, tensors, hasShape: false, optional };
}

function gptq(bits: number, group: number): Layout['tensors'] {
  return (module, rows, columns) => {
    const groups = columns / group;
    return [
      [`${module}.qweight`, 'I32', [(columns * bits) / 32, rows]],
      [`${module}.qzeros`, 'I32', [groups, (rows * bits) / 32]],
      [`${module}.scales`, 'F16', [groups, rows]],
      [`${module}.g_idx`, 'I32', [columns]],
    ];
  };
}

function mlx(bits: number, group: number, scales: Dtype = 'BF16'): Layout['tensors'] {
  return (module, rows, columns) => [
    [`${module}.weight`, 'U32', [rows, (columns * bits) / 32]],
    [`${module}.scales`, scales, [rows, columns / group]],
    ...(scales === 'U8' ? [] : [[`${module}.biases`, 'BF16', [rows, columns / group]] as const]),
  ];
}

function fp8(codes: Dtype, scaleShape: (rows: number, columns: number) => readonly number[], suffix = 'weight_scale'): Layout['tensors'] {
  return (module, rows, columns) => [
    [`${module}.weight`, codes, [rows, columns]],
    [`${module}.${suffix}`, 'F32', scaleShape(rows, columns)],
  ];
}

const optionalGptq = ['qzeros', 'g_idx'];

export const layouts: Readonly<Record<string, Layout>> = {
  'block-FP8': known(
    'block-FP8 (blocks of 128 × 128)',
    { quant_method: 'fp8', weight_block_size: [128, 128] },
    fp8('F8_E4M3', (rows, columns) => [blocks(rows), blocks(columns)], 'weight_scale_inv'),
  ),
  'block-FP8 by DeepSeek’s own names, exponents as scales': known(
    'block-FP8 (blocks of 128 × 128)',
    { quant_method: 'fp8', weight_block_size: [128, 128] },
    (module, rows, columns) => [
      [`${module}.weight`, 'F8_E4M3', [rows, columns]],
      [`${module}.scale`, 'F8_E8M0', [blocks(rows), blocks(columns)]],
    ],
  ),
  'FP8 per tensor, static': known(
    'FP8 (a scale per tensor)',
    { quant_method: 'fp8', activation_scheme: 'static' },
    (module, rows, columns) => [
      [`${module}.weight`, 'F8_E4M3', [rows, columns]],
      [`${module}.weight_scale`, 'F32', []],
      [`${module}.input_scale`, 'F32', []],
    ],
    { optional: ['input_scale'] },
  ),
  'FP8 per row, FBGEMM': {
    ...known(
      'FBGEMM FP8 (a scale per row)',
      { quant_method: 'fbgemm_fp8' },
      fp8('F8_E4M3', (rows) => [rows, 1]),
    ),
    alone: 'FP8 (a scale per row)',
  },
  'FP8 with 5 bits of exponent': known(
    'FP8 (a scale per row)',
    { quant_method: 'fp8' },
    fp8('F8_E5M2', (rows) => [rows]),
  ),
  'FP8 as ComfyUI names it': known(
    'FP8 (a scale per tensor)',
    null,
    fp8('F8_E4M3', () => [], 'scale_weight'),
  ),
  NVFP4: known(
    'NVFP4',
    { quant_method: 'modelopt', quant_algo: 'NVFP4' },
    (module, rows, columns) => [
      [`${module}.weight`, 'U8', [rows, columns / 2]],
      [`${module}.weight_scale`, 'F8_E4M3', [rows, columns / 16]],
      [`${module}.weight_scale_2`, 'F32', []],
      [`${module}.input_scale`, 'F32', []],
    ],
    { optional: ['input_scale'] },
  ),
  'MXFP4 of linear layers': known('MXFP4', { quant_method: 'quark' }, (module, rows, columns) => [
    [`${module}.weight`, 'U8', [rows, columns / 2]],
    [`${module}.weight_scale`, 'U8', [rows, columns / 32]],
  ]),
  'MXFP4 in a dtype of its own': known('MXFP4', null, (module, rows, columns) => [
    [`${module}.weight`, 'F4', [rows, columns]],
    [`${module}.weight_scale`, 'F8_E8M0', [rows, columns / 32]],
  ]),
  MXFP8: known('MXFP8', null, (module, rows, columns) => [
    [`${module}.weight`, 'F8_E4M3', [rows, columns]],
    [`${module}.weight_scale`, 'U8', [rows, columns / 32]],
  ]),
  'GPTQ, 4 bits': known('GPTQ (4 bits, groups of 64)', { quant_method: 'gptq', bits: 4 }, gptq(4, 64), { optional: optionalGptq }),
  'GPTQ, 3 bits': known('GPTQ (3 bits, groups of 128)', { quant_method: 'gptq', bits: 3 }, gptq(3, 128), { optional: optionalGptq }),
  'GPTQ, 8 bits': known('GPTQ (8 bits, groups of 32)', { quant_method: 'gptq', bits: 8 }, gptq(8, 32), { optional: optionalGptq }),
  AutoRound: {
    ...known('AutoRound (4 bits, groups of 64)', { quant_method: 'auto-round', bits: 4 }, gptq(4, 64), { optional: optionalGptq }),
    alone: 'GPTQ (4 bits, groups of 64)',
  },
  AWQ: known(
    'AWQ (4 bits, groups of 64)',
    { quant_method: 'awq', bits: 4 },
    (module, rows, columns) => [
      [`${module}.qweight`, 'I32', [columns, rows / 8]],
      [`${module}.qzeros`, 'I32', [columns / 64, rows / 8]],
      [`${module}.scales`, 'F16', [columns / 64, rows]],
    ],
    { optional: ['qzeros'] },
  ),
  'bitsandbytes int8': known(
    'bitsandbytes int8',
    { load_in_8bit: true },
    (module, rows, columns) => [
      [`${module}.weight`, 'I8', [rows, columns]],
      [`${module}.SCB`, 'F32', [rows]],
      [`${module}.weight_format`, 'U8', []],
    ],
    { optional: ['weight_format'] },
  ),
  'integers as compressed-tensors names them': known(
    'compressed-tensors int-quantized (8 bits, a scale per row)',
    { quant_method: 'compressed-tensors' },
    (module, rows, columns) => [
      [`${module}.weight`, 'I8', [rows, columns]],
      [`${module}.weight_scale`, 'BF16', [rows, 1]],
    ],
  ),
  'MLX, 4 bits': known('MLX affine (4 bits, groups of 64)', { group_size: 64, bits: 4 }, mlx(4, 64)),
  'MLX, 8 bits': known('MLX affine (8 bits, groups of 32)', { group_size: 32, bits: 8 }, mlx(8, 32)),
  'MLX, 5 bits': known('MLX affine (5 bits, groups of 64)', { group_size: 64, bits: 5 }, mlx(5, 64)),
  'MLX mxfp4': known('MLX mxfp4 (4 bits, groups of 32)', { group_size: 32, bits: 4, mode: 'mxfp4' }, mlx(4, 32, 'U8')),
  'MLX nvfp4': known('MLX nvfp4 (4 bits, groups of 16)', { group_size: 16, bits: 4, mode: 'nvfp4' }, mlx(4, 16, 'U8')),
  'MLX mxfp8': known('MLX mxfp8 (8 bits, groups of 32)', { group_size: 32, bits: 8, mode: 'mxfp8' }, mlx(8, 32, 'U8')),
  torchao: stated('torchao', 'torchao', (module, rows, columns) => [
    [`${module}._weight_qdata`, 'I8', [rows, columns]],
    [`${module}._weight_scale`, 'BF16', [rows]],
    [`${module}._weight_zero_point`, 'I8', [rows]],
  ]),
  Quanto: stated('Quanto', 'quanto', (module, rows, columns) => [
    [`${module}.weight._data`, 'I8', [rows, columns]],
    [`${module}.weight._scale`, 'BF16', [rows, 1]],
  ]),
  HQQ: stated('HQQ', 'hqq', (module, rows, columns) => [
    [`${module}.W_q`, 'U8', [(rows * columns) / 128, 64]],
    [`${module}.scale`, 'BF16', [(rows * columns) / 64, 1]],
    [`${module}.zero`, 'BF16', [(rows * columns) / 64, 1]],
    [`${module}.nbits`, 'I32', []],
  ]),
  AQLM: stated('AQLM', 'aqlm', (module, rows, columns) => [
    [`${module}.codes`, 'I16', [rows, columns / 8, 1]],
    [`${module}.codebooks`, 'F16', [1, 256, 1, 8]],
    [`${module}.scales`, 'F16', [rows, 1, 1, 1]],
  ]),
  BitNet: stated('BitNet', 'bitnet', (module, rows, columns) => [
    [`${module}.weight`, 'U8', [rows / 4, columns]],
    [`${module}.weight_scale`, 'BF16', [1]],
  ]),
  EETQ: stated('EETQ', 'eetq', (module, rows, columns) => [
    [`${module}.weight`, 'I8', [columns, rows]],
    [`${module}.weight_scales`, 'F16', [rows]],
  ]),
  EXL2: stated('EXL2', 'exl2', (module, rows, columns) => [
    [`${module}.q_weight`, 'I32', [columns / 8, rows]],
    [`${module}.q_scale`, 'I32', [4, rows / 8]],
    [`${module}.q_scale_max`, 'F16', [4]],
    [`${module}.q_groups`, 'I16', [8]],
    [`${module}.q_invperm`, 'I32', [columns]],
  ]),
  EXL3: stated('EXL3', 'exl3', (module, rows, columns) => [
    [`${module}.trellis`, 'I16', [columns / 16, rows / 16, 64]],
    [`${module}.suh`, 'F16', [columns]],
    [`${module}.svh`, 'F16', [rows]],
    [`${module}.mcg`, 'I32', []],
  ]),
  VPTQ: stated(
    'VPTQ',
    'vptq',
    (module, rows, columns) => [
      [`${module}.indices`, 'I32', [1, rows, columns / 16]],
      [`${module}.perm`, 'I32', [columns]],
      [`${module}.centroids.weight`, 'F16', [1, 2048]],
      [`${module}.weight_scale`, 'F16', [columns]],
      [`${module}.weight_bias`, 'F16', [columns]],
    ],
    ['weight_bias'],
  ),
  SpQR: stated('SpQR', 'spqr', (module, rows, columns) => [
    [`${module}.dense_weights`, 'I64', [rows, columns / 16]],
    [`${module}.row_offsets`, 'I32', [rows + 1]],
    [`${module}.in_perm`, 'U8', [columns]],
  ]),
  HIGGS: stated('HIGGS', 'higgs', (module, rows, columns) => [
    [`${module}.weight`, 'I16', [rows, columns / 8]],
    [`${module}.scales`, 'F16', [rows, 1]],
    [`${module}.tables`, 'F16', [16]],
    [`${module}.tables2`, 'F16', [16, 16, 2]],
  ]),
  'FP-Quant': stated('FP-Quant', 'fp_quant', (module, rows, columns) => [
    [`${module}.qweight`, 'U8', [rows, columns / 2]],
    [`${module}.scales`, 'U8', [rows, columns / 32]],
    [`${module}.weight_global_scale`, 'BF16', [1]],
    [`${module}.forward_hadamard_matrix`, 'BF16', [32, 32]],
  ]),
  'QuIP#': stated('quip', 'quip', (module, rows, columns) => [
    [`${module}.Qidxs`, 'I64', [rows, columns / 8]],
    [`${module}.SU`, 'F16', [columns]],
    [`${module}.SV`, 'F16', [rows]],
  ]),
  'sparse with a bit mask': {
    name: unknown,
    alone: unknown,
    settings: { quant_method: 'compressed-tensors' },
    hasShape: false,
    tensors: (module, rows, columns) => [
      [`${module}.weight.bitmask`, 'U8', [rows, columns / 8]],
      [`${module}.weight.compressed`, 'BF16', [rows, columns / 2]],
    ],
  },
};
