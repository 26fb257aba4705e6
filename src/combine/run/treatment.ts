import type { ChunkSegment, WeightedStep } from '../../compute/index.js';
import { inputsOf, type Combination } from '../combination.js';
import type { PlannedTensor } from '../plan.js';
import type { RowRun } from '../../model/vocabulary/index.js';

/** How a tensor's values come about, without where they lie. */
export interface Treatment {
  /** Indices of the inputs that are read. */
  readonly inputs: readonly number[];
  /** Null: the bytes of the only input as they are. */
  readonly runs: readonly ChunkSegment[] | null;
}

/**
 * The plan of a tensor in the terms of the kernels. Steps of scale 0 are left out, so that infinities in an input that
 * does not count leave no trace; what is left over as one plain input of the same dtype is copied byte for byte.
 */
export function treatmentOf(combination: Combination, tensor: PlannedTensor): Treatment {
  const inputs = tensor.sources.flatMap((source, index) => (source === null ? [] : [index]));
  const steps = stepsOf(combination, tensor, inputs);
  const whole = wholeRun(tensor, steps);
  if (tensor.rows !== null) return { inputs, runs: rowRuns(tensor, tensor.rows, inputs, whole) };
  const isPlainCopy = whole.kind === 'copy' && tensor.sources[inputs[whole.input]!]!.dtype === tensor.dtype;
  return isPlainCopy ? { inputs: [inputs[whole.input]!], runs: null } : { inputs, runs: [whole] };
}

/** Steps that were made last for an array of scales, which all tensors share that have these. */
const known = new WeakMap<readonly number[], { combination: Combination; inputs: readonly number[]; steps: readonly WeightedStep[] }>();

/** The combination's steps for this tensor, inputs numbered as in `inputs`. */
function stepsOf(combination: Combination, tensor: PlannedTensor, inputs: readonly number[]): readonly WeightedStep[] {
  const last = known.get(tensor.scales);
  const isSame =
    last?.combination === combination && last.inputs.length === inputs.length && inputs.every((input, i) => input === last.inputs[i]);
  if (isSame) return last.steps;
  const steps = makeSteps(combination, tensor, inputs);
  known.set(tensor.scales, { combination, inputs, steps });
  return steps;
}

function makeSteps(combination: Combination, { name, scales }: PlannedTensor, inputs: readonly number[]): WeightedStep[] {
  const roles = inputsOf(combination);
  const indexOf = (role: string): number => {
    const index = inputs.indexOf(roles.indexOf(role));
    if (index < 0) throw new Error(`internal: the plan of tensor ${name} needs ${role} but does not say where it lies`);
    return index;
  };
  return combination.steps.flatMap(({ plus, minus }, i) => {
    const scale = scales[i]!;
    return scale === 0 ? [] : [{ scale, plus: indexOf(plus), minus: minus === null ? null : indexOf(minus) }];
  });
}

function wholeRun({ action, shape }: PlannedTensor, steps: readonly WeightedStep[]): ChunkSegment {
  const count = shape.reduce((product, size) => product * size, 1);
  if (action === 'copied' || action === 'skipped') return { kind: 'copy', first: 0, count, input: steps[0]?.plus ?? 0 };
  if (steps.length === 0) return { kind: 'zeros', first: 0, count };
  const [only] = steps;
  const isPlain = steps.length === 1 && only?.scale === 1 && only.minus === null;
  return isPlain ? { kind: 'copy', first: 0, count, input: only.plus } : { kind: 'combine', first: 0, count, steps };
}

/** Runs of rows as runs of elements; neighbours that are treated alike become one. */
function rowRuns({ shape }: PlannedTensor, rows: readonly RowRun[], inputs: readonly number[], whole: ChunkSegment): ChunkSegment[] {
  const rowLength = shape.slice(1).reduce((product, size) => product * size, 1);
  const runs: ChunkSegment[] = [];
  let first = 0;
  for (const row of rows) {
    const count = row.count * rowLength;
    const run: ChunkSegment = row.copied ? { kind: 'copy', first, count, input: onlySource(row, inputs) } : { ...whole, first, count };
    const last = runs.at(-1);
    if (last && isAlike(last, run)) runs[runs.length - 1] = { ...last, count: last.count + count };
    else runs.push(run);
    first += count;
  }
  return runs;
}

function onlySource({ sources }: RowRun, inputs: readonly number[]): number {
  return inputs.indexOf(sources.findIndex((source) => source !== null));
}

function isAlike(a: ChunkSegment, b: ChunkSegment): boolean {
  if (a.kind === 'copy' && b.kind === 'copy') return a.input === b.input;
  return a.kind === b.kind;
}
