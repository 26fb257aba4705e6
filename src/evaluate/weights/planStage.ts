import { partOf, type Computation, type ElementRange, type TensorPart } from '../../combine/index.js';
import { isStorageDtype, keyOfSlice, type ChunkInput, type StorageDtype } from '../../compute/index.js';
import { quoteName } from '../../base/formatError.js';

/** What a stage needs of one tensor: all of it, or some rows. */
export interface WantedTensor {
  readonly tensor: string;
  /** In elements, ascending. */
  readonly ranges: readonly ElementRange[];
}

/** A wanted tensor of one candidate. */
export interface StagePart extends Omit<TensorPart, 'inputs'> {
  readonly storage: StorageDtype;
  /** Keys of `PlannedStage.inputs`. */
  readonly inputs: readonly string[];
}

/** What is read for a stage, and how each candidate's weights come of it. */
export interface PlannedStage {
  /** Of each candidate, in the order of what is wanted. */
  readonly parts: readonly (readonly StagePart[])[];
  /** Raw bytes to be read, by what they are: candidates that need the same share them. */
  readonly inputs: ReadonlyMap<string, ChunkInput>;
}

/** @param wanted what the stage needs, the same for every candidate */
export function planStage(candidates: readonly Computation[], wanted: readonly WantedTensor[]): PlannedStage {
  const inputs = new Map<string, ChunkInput>();
  const parts = candidates.map((candidate) => wanted.map((want) => planPart(candidate, want, inputs)));
  return { parts, inputs };
}

/** Bytes that are read for a stage. */
export function readByteLength({ inputs }: PlannedStage): number {
  return [...inputs.values()].reduce((sum, { slices }) => sum + slices.reduce((total, { slice }) => total + slice.byteLength, 0), 0);
}

function planPart(candidate: Computation, { tensor, ranges }: WantedTensor, shared: Map<string, ChunkInput>): StagePart {
  const planned = candidate.tensors.find(({ name }) => name === tensor);
  if (planned === undefined) throw new Error(`internal: the plan of a candidate lacks tensor ${tensor}`);
  if (!isStorageDtype(planned.dtype))
    throw new Error(
      `Tensor ${quoteName(tensor)} is stored as ${planned.dtype}: models are scored from F64, F32, F16 or BF16 weights. Convert the checkpoint first.`,
    );
  const { inputs, segments, count } = partOf(candidate, planned, ranges);
  const keys = inputs.map((input) => {
    const key = keyOf(input);
    shared.set(key, input);
    return key;
  });
  return { inputs: keys, segments, count, storage: planned.dtype };
}

/** Inputs with the same key are the same bytes in the same places. */
function keyOf({ dtype, slices }: ChunkInput): string {
  return `${dtype} ${slices.map(({ slice, at }) => `${at}:${keyOfSlice(slice)}`).join(' ')}`;
}
