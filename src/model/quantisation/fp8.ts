import { isReadable, type Tensor } from '../../checkpoint/index.js';
import type { Recipe } from '../recipe/index.js';
import { isFloat8, isPlainFloat, type Recogniser } from './definition.js';
import { roundedLike, scaled, stored as storedValues } from './formula.js';
import { scaleBlock } from './scaleBlock.js';
import type { ScaleBlock } from './scheme.js';
import type { QuantisationStatement } from './statement.js';
import { presentParts } from './storedTensors.js';

/**
 * FP8 with a scale for each block, as DeepSeek-V3 and Qwen3 store it: value = code · weight_scale_inv, whatever the name
 * says. `X.weight` has `X.weight_scale_inv` beside it, fused experts `gate_up_proj` have `gate_up_proj_scale_inv`; the
 * files of DeepSeek's own code call it `X.scale`.
 * Source: `transformers/integrations/finegrained_fp8.py`, `weight_dequant` in DeepSeek-V3's `kernel.py`.
 */
export const recogniseBlockFp8: Recogniser = (codes, stored, statement) => {
  if (!isFloat8(codes.dtype)) return null;
  const scales = stored.get(`${codes.name}_scale_inv`) ?? stored.beside(codes, 'scale');
  if (scales === undefined || !(isPlainFloat(scales.dtype) || scales.dtype === 'F8_E8M0')) return null;
  const block = scaleBlock(codes.shape, scales.shape, statedBlock(statement) ?? usualBlock);
  if (block === null) return null;
  const activationScale = stored.get(`${codes.name}_activation_scale`) ?? stored.beside(codes, 'activation_scale', 'input_scale');
  const parts = presentParts({ codes, scales, activationScale });
  return {
    name: codes.name,
    shape: codes.shape,
    storage: { kind: 'codes', scheme: 'block-fp8', name: 'block-FP8', bits: 8, block, parts, recipe: fp8Values(codes, scales, block) },
  };
};

/** What DeepSeek and Qwen use. */
const usualBlock = [128, 128] as const;

function statedBlock(statement: QuantisationStatement | null): readonly [number, number] | null {
  const stated = statement?.settings['weight_block_size'];
  if (!Array.isArray(stated) || stated.length !== 2 || !stated.every((size) => Number.isSafeInteger(size) && size > 0)) return null;
  return [stated[0] as number, stated[1] as number];
}

/** Who writes FP8 with one scale for each tensor or row, by the method that files state. */
const producers: Readonly<Record<string, string>> = { 'fbgemm-fp8': 'FBGEMM FP8', modelopt: 'ModelOpt FP8', quark: 'Quark FP8' };

/**
 * FP8 with a scale for each tensor, row or group: value = code · weight_scale. Activations may have a static scale beside
 * it, which the weights do not need. `scale_weight` is what ComfyUI calls it.
 * Source: vLLM's `fp8.py`, `transformers/integrations/fbgemm_fp8.py`, NVIDIA Model Optimizer's export.
 */
export const recogniseFp8: Recogniser = (codes, stored, statement) => {
  if (!isFloat8(codes.dtype)) return null;
  const scales = stored.get(`${codes.name}_scale`) ?? stored.beside(codes, 'scale_weight');
  if (scales === undefined || !isPlainFloat(scales.dtype)) return null;
  const block = scaleBlock(codes.shape, scales.shape);
  if (block === null) return null;
  const inputScale = stored.get(`${codes.name}_input_scale`) ?? stored.beside(codes, 'input_scale', 'scale_input');
  const parts = presentParts({ codes, scales, inputScale, inputScaleBound: stored.beside(codes, 'input_scale_ub') });
  const name = producers[statement?.method ?? ''] ?? 'FP8';
  const recipe = fp8Values(codes, scales, block);
  return { name: codes.name, shape: codes.shape, storage: { kind: 'codes', scheme: 'fp8', name, bits: 8, block, parts, recipe } };
};

/** `code · scale`. The formats of AMD's first FP8 units (FNUZ) are not read. */
export function fp8Values(codes: Tensor, scales: Tensor, block: ScaleBlock): Recipe | null {
  return isReadable(codes.dtype) ? roundedLike(scaled(storedValues(codes), storedValues(scales), block), scales) : null;
}
