import { kindOf, type Tensor } from '../../checkpoint/index.js';
import { andList } from '../../base/nameList.js';
import { recognise4Bit, recogniseInt8, describedWeight, isQuantState } from './bitsandbytes.js';
import { isPackedShape, recogniseCompressedTensors } from './compressedTensors.js';
import { isPlainFloat, type Recogniser } from './definition.js';
import { describeCoding, describeEvidence, groupCodings } from './describe.js';
import { recogniseBlockFp8, recogniseFp8 } from './fp8.js';
import { recogniseGgufBlocks } from './ggufBlocks.js';
import { recogniseAwq, recogniseGptq } from './gptq.js';
import { recogniseMicroscaled, recogniseMxfp4Blocks } from './microscaling.js';
import { recogniseMlx } from './mlx.js';
import { recogniseNvfp4 } from './nvfp4.js';
import type { CodedWeight, Scheme } from './scheme.js';
import type { QuantisationStatement } from './statement.js';
import { StoredTensors } from './storedTensors.js';
import { collectUnknownCodes } from './unknownCodes.js';

/** The schemes with a file of their own. Where one layout is a special case of another, it comes first. */
const recognisers: readonly Recogniser[] = [
  recogniseGgufBlocks,
  recognise4Bit,
  recogniseInt8,
  recogniseCompressedTensors,
  recogniseNvfp4,
  recogniseMxfp4Blocks,
  recogniseMicroscaled,
  recogniseBlockFp8,
  recogniseFp8,
  recogniseGptq,
  recogniseAwq,
  recogniseMlx,
];

/** Weights that are stored as codes, and how. */
export interface Recognition {
  readonly weights: readonly CodedWeight[];
  /** Null when there are none. */
  readonly scheme: Scheme | null;
}

/**
 * Finds the weights that are stored as codes, by names and dtypes; what a file states only adds what they leave open, so that
 * layouts are recognised without it too. What looks like codes and fits no scheme counts as codes of an unknown one.
 * @param contents bytes of small tensors that describe others, by name: see `isDescription`
 */
export function recogniseCodes(
  tensors: readonly Tensor[],
  statement: QuantisationStatement | null,
  contents: ReadonlyMap<string, Uint8Array>,
): Recognition {
  if (!tensors.some(mayBeCodes)) return { weights: [], scheme: null };
  const stored = new StoredTensors(tensors, contents);
  const known = startingPoints(tensors).flatMap((tensor) => recogniseOne(tensor, stored, statement) ?? []);
  const weights = [...known, ...collectUnknownCodes(stored, statement, known.length > 0)];
  return { weights, scheme: weights.length === 0 ? null : summarise(weights, statement) };
}

/** Longest description of a weight that is read: JSON of a hundred bytes, or a shape. */
const maxDescriptionBytes = 4096;

/** Whether a tensor's few bytes describe a coded weight, so that they are read when a model is opened. */
export function isDescription(tensor: Tensor): boolean {
  return tensor.byteLength <= maxDescriptionBytes && (isQuantState(tensor.name) || isPackedShape(tensor));
}

/** Whether a tensor is, or names, something that only quantised models have. Cheap: it is asked of every tensor. */
function mayBeCodes({ name, dtype }: Tensor): boolean {
  return !isPlainFloat(dtype) || name.includes('scale') || name.endsWith('.absmax');
}

/** Codes have a dtype that no plain weight has, but for 4-bit codes of bitsandbytes, which may hide in any. */
function startingPoints(tensors: readonly Tensor[]): Tensor[] {
  const described = new Set(tensors.filter(({ name }) => isQuantState(name)).map(({ name }) => describedWeight(name)));
  return tensors.filter(({ name, dtype }) => (!isPlainFloat(dtype) && kindOf(dtype) !== 'boolean') || described.has(name));
}

function recogniseOne(tensor: Tensor, stored: StoredTensors, statement: QuantisationStatement | null): CodedWeight | null {
  if (stored.get(tensor.name) === undefined) return null;
  for (const recognise of recognisers) {
    const weight = recognise(tensor, stored, statement);
    if (weight === null || !hasOwnParts(weight)) continue;
    stored.take(Object.values(weight.storage.parts));
    return weight;
  }
  return null;
}

/** Strangers' names may make a tensor its own scale. */
function hasOwnParts({ storage }: CodedWeight): boolean {
  const parts = Object.values(storage.parts);
  return new Set(parts).size === parts.length;
}

function summarise(weights: readonly CodedWeight[], statement: QuantisationStatement | null): Scheme {
  const groups = groupCodings(weights.map(({ storage }) => storage));
  return {
    name: andList(groups.map(describeCoding)),
    method: statement === null || statement.method === '' ? null : statement.method,
    groups,
    evidence: describeEvidence(groups, statement),
  };
}
