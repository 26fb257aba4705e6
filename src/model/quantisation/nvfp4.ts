import type { Recogniser } from './definition.js';
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
  return {
    name: codes.name,
    shape: [...lead, columns],
    storage: { kind: 'codes', scheme: 'nvfp4', name: 'NVFP4', bits: 4, block: [1, groupSize], parts },
  };
};
