import type { Tensor } from '../../checkpoint/index.js';
import type { Recipe } from '../recipe/index.js';
import type { Recogniser } from './definition.js';
import { blockwise, fp4, roundedLike, scaled, stored as storedValues } from './formula.js';
import { product } from './scaleBlock.js';
import { presentParts } from './storedTensors.js';

/** Values that share a scale. */
const groupSize = 16;

/**
 * NVFP4 as NVIDIA Model Optimizer writes it: two FP4 codes a byte, an FP8 scale for each 16 values of a row
 * (`X.weight_scale`), and one float for the tensor (`X.weight_scale_2`); value = code · weight_scale · weight_scale_2.
 * Source: `modelopt/torch/quantization/qtensor/nvfp4_tensor.py`.
 */
export const recogniseNvfp4: Recogniser = (codes, stored) => {
  if (codes.dtype !== 'U8' && codes.dtype !== 'F4') return null;
  const scales = stored.get(`${codes.name}_scale`);
  const globalScale = stored.get(`${codes.name}_scale_2`);
  if (scales?.dtype !== 'F8_E4M3' || globalScale === undefined || codes.shape.length < 2) return null;
  const lead = codes.shape.slice(0, -1);
  const columns = codes.shape.at(-1)! * (codes.dtype === 'U8' ? 2 : 1);
  const isScaled = [...lead, Math.ceil(columns / groupSize)].join() === scales.shape.join();
  const experts = product(codes.shape.slice(0, -2));
  if (!isScaled || ![1, experts].includes(globalScale.elementCount)) return null;
  const inputScale = stored.get(`${codes.name}_input_scale`) ?? stored.beside(codes, 'input_scale');
  const parts = presentParts({ codes, scales, globalScale, inputScale, preQuantScale: stored.beside(codes, 'pre_quant_scale') });
  const shape = [...lead, columns];
  const recipe = 'preQuantScale' in parts ? null : nvfp4Values(codes, shape, scales, globalScale, 'multiply');
  return {
    name: codes.name,
    shape,
    storage: { kind: 'codes', scheme: 'nvfp4', name: 'NVFP4', bits: 4, block: [1, groupSize], parts, recipe },
  };
};

/** `code · scale`, multiplied by the scale of the whole tensor (or expert), or divided by it as compressed-tensors does. */
export function nvfp4Values(
  codes: Tensor,
  shape: readonly number[],
  scales: Tensor,
  globalScale: Tensor,
  operation: 'multiply' | 'divide',
): Recipe {
  const values = scaled(fp4(codes, shape), storedValues(scales), [1, groupSize]);
  return roundedLike(blockwise(operation, values, perMatrix(globalScale, shape), [null, null]), globalScale);
}

/** One scale for all matrices stands for each of them. */
function perMatrix(globalScale: Tensor, shape: readonly number[]): Recipe {
  const count = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  if (globalScale.elementCount === count) return storedValues(globalScale);
  const strides = shape.slice(0, -2).map(() => 0);
  return { kind: 'strided', tensor: globalScale, shape: shape.slice(0, -2), strides, offset: 0 };
}
