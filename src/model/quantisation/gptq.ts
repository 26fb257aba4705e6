import type { Tensor } from '../../checkpoint/index.js';
import type { Recipe } from '../recipe/index.js';
import { leafOf, memberOf, moduleOf } from '../names/index.js';
import { isPlainFloat, type Recogniser } from './definition.js';
import {
  blockwise,
  gathered,
  roundedLike,
  scaled,
  shifted,
  stored as storedValues,
  transposed,
  unpackedColumns,
  unpackedRows,
} from './formula.js';
import { countIn, type QuantisationStatement } from './statement.js';
import { presentParts, type StoredTensors } from './storedTensors.js';

/** Bits of the words that codes are packed into. */
const wordBits = 32;

/** Other tools that write the layouts of GPTQ and AWQ, by the method that files state. */
const producers: Readonly<Record<string, string>> = { 'auto-round': 'AutoRound', 'intel/auto-round': 'AutoRound' };

/** What GPTQ and AWQ have in common: packed codes, and a scale for each group of inputs of each output. */
interface PackedLayout {
  readonly module: string;
  readonly scales: Tensor;
  readonly zeros: Tensor | undefined;
}

function packedLayout(codes: Tensor, stored: StoredTensors): PackedLayout | null {
  const scales = stored.beside(codes, 'scales');
  const isPacked = leafOf(codes.name) === 'qweight' && codes.dtype === 'I32' && codes.shape.length === 2;
  if (!isPacked || scales?.shape.length !== 2 || !isPlainFloat(scales.dtype)) return null;
  return { module: moduleOf(codes.name), scales, zeros: stored.beside(codes, 'qzeros') };
}

/**
 * GPTQ: `qweight` [inputs · bits ∕ 32, outputs] packs along the inputs, `qzeros` [groups, outputs · bits ∕ 32] along the
 * outputs, `scales` [groups, outputs], and `g_idx` [inputs] says the group of each input. The weight is [outputs, inputs].
 * Source: AutoGPTQ's and GPTQModel's `qlinear`.
 */
export const recogniseGptq: Recogniser = (codes, stored, statement) => {
  const layout = packedLayout(codes, stored);
  if (layout === null) return null;
  const { module, scales, zeros } = layout;
  const groupIndex = stored.beside(codes, 'g_idx');
  const [words, outputs] = [codes.shape[0]!, codes.shape[1]!];
  const [groups, scaledOutputs] = [scales.shape[0]!, scales.shape[1]!];
  const bits = gptqBits(words, outputs, zeros, groupIndex, statement);
  if (scaledOutputs !== outputs || bits === null) return null;
  const inputs = groupIndex?.elementCount ?? Math.floor((words * wordBits) / bits);
  if (Math.ceil((inputs * bits) / wordBits) !== words) return null;
  return {
    name: memberOf(module, 'weight'),
    shape: [outputs, inputs],
    storage: {
      kind: 'codes',
      scheme: 'gptq',
      name: `${producers[statement?.method ?? ''] ?? 'GPTQ'}${zeroShift(statement) === 0 ? ' v2' : ''}`,
      bits,
      block: [1, groupSize(inputs, groups, statement)],
      parts: presentParts({ codes, scales, zeros, groupIndex }),
      recipe: gptqValues({ codes, scales, zeros, groupIndex, bits, inputs }, zeroShift(statement)),
    },
  };
};

/** Inputs that share a scale; null where all of them do, unless a file states a group that happens to be as large. */
function groupSize(inputs: number, groups: number, statement: QuantisationStatement | null): number | null {
  return groups > 1 ? Math.ceil(inputs / groups) : countIn(statement?.settings, 'group_size', 'q_group_size');
}

/** What the shapes say comes before what a file says: a model may have several widths. */
function gptqBits(
  words: number,
  outputs: number,
  zeros: Tensor | undefined,
  groupIndex: Tensor | undefined,
  statement: QuantisationStatement | null,
): number | null {
  const stored = [
    groupIndex === undefined ? null : (words * wordBits) / groupIndex.elementCount,
    zeros?.shape.length === 2 ? (zeros.shape[1]! * wordBits) / outputs : null,
  ];
  const found = stored.find((bits) => bits !== null && isWidth(bits)) ?? countIn(statement?.settings, 'bits', 'w_bit');
  return found !== null && isWidth(found) ? found : null;
}

function isWidth(bits: number): boolean {
  return Number.isInteger(bits) && bits >= 1 && bits <= 8;
}

/** What GPTQ's formula is made of. */
interface GptqParts {
  readonly codes: Tensor;
  readonly scales: Tensor;
  readonly zeros: Tensor | undefined;
  readonly groupIndex: Tensor | undefined;
  readonly bits: number;
  readonly inputs: number;
}

/** Files of the first format hold zero points less one. Source: `checkpoint_format` in GPTQModel, `FORMAT.GPTQ_V2`. */
function zeroShift(statement: QuantisationStatement | null): number {
  return statement?.settings['checkpoint_format'] === 'gptq_v2' ? 0 : 1;
}

/** `(code − zero) · scale` of the group of each input, transposed. Without zero points they lie in the middle of the codes. */
function gptqValues({ codes, scales, zeros, groupIndex, bits, inputs }: GptqParts, shift: number): Recipe {
  const [groups, outputs] = [scales.shape[0]!, scales.shape[1]!];
  const values = unpackedColumns(codes, [inputs, outputs], bits);
  const middle = shifted(values, -(2 ** (bits - 1)));
  const points = zeros === undefined ? null : shifted(unpackedRows(zeros, [groups, outputs], bits), shift);
  const perInput = gathered(groupIndex);
  const block = groupIndex === undefined ? Math.ceil(inputs / groups) : 1;
  const centred = points === null ? middle : blockwise('subtract', values, perInput(points), [block, 1]);
  return roundedLike(transposed(scaled(centred, perInput(storedValues(scales)), [block, 1])), scales);
}

/**
 * AWQ in the order of its "gemm" kernels: `qweight` [inputs, outputs · bits ∕ 32] packs along the outputs, as `qzeros` [groups,
 * outputs · bits ∕ 32] does, `scales` [groups, outputs]. The weight is [outputs, inputs].
 * Source: AutoAWQ's `awq/modules/linear/gemm.py`.
 */
export const recogniseAwq: Recogniser = (codes, stored, statement) => {
  const layout = packedLayout(codes, stored);
  if (layout === null) return null;
  const { module, scales, zeros } = layout;
  const [inputs, words] = [codes.shape[0]!, codes.shape[1]!];
  const [groups, outputs] = [scales.shape[0]!, scales.shape[1]!];
  const bits = (words * wordBits) / outputs;
  const zerosFit = zeros === undefined || zeros.shape.join() === [groups, words].join();
  if (!isWidth(bits) || inputs % groups !== 0 || !zerosFit) return null;
  return {
    name: memberOf(module, 'weight'),
    shape: [outputs, inputs],
    storage: {
      kind: 'codes',
      scheme: 'awq',
      name: producers[statement?.method ?? ''] ?? 'AWQ',
      bits,
      block: [1, groupSize(inputs, groups, statement)],
      parts: presentParts({ codes, scales, zeros }),
      recipe: awqValues(codes, scales, zeros, bits),
    },
  };
};

/** Where each of eight codes lies in its word: what `AWQ_ORDER` of AutoAWQ's `packing_utils.py` undoes. */
const awqOrder = [0, 4, 1, 5, 2, 6, 3, 7];

/** `(code − zero) · scale` of the group of each input, transposed. Only codes of 4 bits have an order that is known. */
function awqValues(codes: Tensor, scales: Tensor, zeros: Tensor | undefined, bits: number): Recipe | null {
  if (bits !== 4) return null;
  const inputs = codes.shape[0]!;
  const [groups, outputs] = [scales.shape[0]!, scales.shape[1]!];
  const block = [inputs / groups, 1] as const;
  const values = unpackedRows(codes, [inputs, outputs], bits, awqOrder);
  const points = zeros === undefined ? null : unpackedRows(zeros, [groups, outputs], bits, awqOrder);
  const centred = points === null ? shifted(values, -8) : blockwise('subtract', values, points, block);
  return roundedLike(transposed(scaled(centred, storedValues(scales), block)), scales);
}
