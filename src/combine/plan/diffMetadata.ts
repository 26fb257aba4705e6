import { inputsOf } from '../combination.js';
import { diffVectorMetadata, type WholeRows } from '../diffVector.js';
import type { CombineRequest } from '../request.js';
import { describeFormula } from './checkRequest.js';
import type { OpenInput } from './openInputs.js';
import type { TensorDraft } from './planTensors.js';
import type { RowRun } from '../../model/vocabulary/index.js';

/** Metadata by which the output is known as a diff vector later. */
export function planDiffMetadata(
  request: CombineRequest,
  inputs: readonly OpenInput[],
  drafts: readonly TensorDraft[],
): Record<string, string> {
  const names = inputsOf(request.combination);
  const nameOf = (role: string | null): string => (role === null ? '' : inputs[names.indexOf(role)]!.checkpoint.name);
  const [first] = request.combination.steps;
  const wholeRows = Object.fromEntries(drafts.flatMap(({ name, rows }) => wholeRowsOf(name, rows ?? [])));
  const base = first!.minus === null ? null : inputs[names.indexOf(first!.minus)]!.config;
  return diffVectorMetadata({
    formula: describeFormula(request),
    finetuned: nameOf(first!.plus),
    base: nameOf(first!.minus),
    wholeRows,
    baseConfig: base === null ? null : JSON.stringify(base),
  });
}

/** Runs of rows that one version contributes without the other. */
function wholeRowsOf(name: string, rows: readonly RowRun[]): (readonly [string, WholeRows[string]])[] {
  let start = 0;
  const whole = rows.flatMap(({ count, sources, copied }): (readonly [number, number])[] => {
    const first = start;
    start += count;
    const isPartial = sources.includes(null) && sources.some((source) => source !== null);
    return copied || isPartial ? [[first, count]] : [];
  });
  return whole.length === 0 ? [] : [[name, whole]];
}
