import { isReadable, type Tensor } from '../../checkpoint/index.js';
import { leafOf } from '../names/index.js';
import type { Recipe } from '../recipe/index.js';
import { isExponent, isFloat8, type Recogniser } from './definition.js';
import { exponents, fp4, roundedLike, scaled, stored as storedValues, transposed } from './formula.js';
import { presentParts } from './storedTensors.js';

/** Values that share an exponent. Source: OCP Microscaling Formats (MX) specification, version 1.0. */
const groupSize = 32;

/**
 * MXFP4 in blocks, as gpt-oss stores its experts: `X_blocks` [experts, outputs, groups, 16] holds two codes a byte,
 * `X_scales` [experts, outputs, groups] an exponent for each 32 of them. The model's code transposes experts, so that the
 * weight is [experts, inputs, outputs].
 * Source: `convert_moe_packed_tensors` in `transformers/integrations/mxfp4.py`.
 */
export const recogniseMxfp4Blocks: Recogniser = (codes, stored) => {
  const stem = codes.dtype === 'U8' && codes.name.endsWith('_blocks') ? codes.name.slice(0, -'_blocks'.length) : null;
  const scales = stem === null ? undefined : stored.get(`${stem}_scales`);
  if (stem === null || scales === undefined || !isExponent(scales.dtype)) return null;
  const groups = codes.shape.slice(0, -1);
  if (codes.shape.at(-1) !== groupSize / 2 || groups.length < 2 || groups.join() !== scales.shape.join()) return null;
  const [outputs, columns] = [groups.at(-2)!, groups.at(-1)! * groupSize];
  const isExperts = groups.length > 2;
  return {
    name: stem,
    shape: isExperts ? [...groups.slice(0, -2), columns, outputs] : [outputs, columns],
    storage: {
      kind: 'codes',
      scheme: 'mxfp4',
      name: 'MXFP4',
      bits: 4,
      block: isExperts ? [groupSize, 1] : [1, groupSize],
      parts: { codes, scales },
      recipe: mxfp4Blocks(codes, scales, isExperts),
    },
  };
};

/**
 * MXFP4 and MXFP8 of plain linear layers: `X.weight` with an exponent for each 32 values of a row, under the names that
 * AMD Quark, NVIDIA Model Optimizer and DeepSeek give them. FP4 codes lie two in a byte.
 */
export const recogniseMicroscaled: Recogniser = (codes, stored) => {
  if (leafOf(codes.name) !== 'weight') return null;
  const scales = stored.get(`${codes.name}_scale`) ?? stored.get(`${codes.name}_scale_inv`) ?? stored.beside(codes, 'scale');
  const width = codesPerElement(codes);
  if (scales === undefined || width === null || !isExponent(scales.dtype)) return null;
  const shape = [...codes.shape.slice(0, -1), codes.shape.at(-1)! * width];
  const wanted = [...shape.slice(0, -1), Math.ceil(shape.at(-1)! / groupSize)];
  if (shape.length < 2 || wanted.join() !== scales.shape.join()) return null;
  const isFp8 = isFloat8(codes.dtype);
  const parts = presentParts({ codes, scales, inputScale: stored.beside(codes, 'input_scale') });
  const [scheme, name, bits] = isFp8 ? (['mxfp8', 'MXFP8', 8] as const) : (['mxfp4', 'MXFP4', 4] as const);
  const values = isFp8 ? (isReadable(codes.dtype) ? storedValues(codes) : null) : fp4(codes, shape);
  const recipe = values && microscaledValues(values, scales);
  return { name: codes.name, shape, storage: { kind: 'codes', scheme, name, bits, block: [1, groupSize], parts, recipe } };
};

/** How many codes an element of the stored tensor holds; null for dtypes that hold none of these. */
function codesPerElement({ dtype }: Tensor): number | null {
  if (isFloat8(dtype) || dtype === 'F4') return 1;
  return dtype === 'U8' || dtype === 'I8' ? 2 : null;
}

/** `code · 2^exponent` of each group of a row. */
export function microscaledValues(codes: Recipe, scales: Tensor): Recipe {
  return roundedLike(scaled(codes, exponents(scales), [1, groupSize]), scales);
}

function mxfp4Blocks(codes: Tensor, scales: Tensor, isExperts: boolean): Recipe {
  const shape = [...codes.shape.slice(0, -2), codes.shape.at(-2)! * groupSize];
  const values = microscaledValues(fp4(codes, shape), scales);
  return isExperts ? transposed(values) : values;
}
