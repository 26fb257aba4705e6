import type { PreparedTask, TokenSequence } from '../tasks/index.js';
import { unitSequences, type WorkUnit } from './workUnits.js';

/** Work of one pass over the weights: units that some of these candidates lack. Numbers are indices within the group. */
export interface PlannedPass {
  readonly units: readonly WorkUnit[];
  readonly candidates: readonly number[];
}

/** The sequences of a pass, unit by unit. */
export function passSequences({ tasks }: { readonly tasks: readonly PreparedTask[] }, { units }: PlannedPass): TokenSequence[] {
  return units.flatMap((unit) => unitSequences(tasks, unit));
}

export interface PassLimits {
  /** Bytes that the hidden states of a token need. */
  readonly tokenByteLength: number;
  /** Most bytes for hidden states. */
  readonly memoryBudget: number;
  /** Floating-point operations of a unit, for one candidate. */
  readonly operationsOf: (unit: WorkUnit) => number;
}

/**
 * A pass takes no further unit beyond so many operations: results are kept pass by pass, and an interruption costs a pass.
 * That is about an hour of two processors; to read and form the weights once more costs one to three hundredths of it.
 */
export const mostPassOperations = 1e15;

/** Tokens and operations are those of one candidate. */
interface GrowingPass {
  readonly units: readonly WorkUnit[];
  readonly candidates: ReadonlySet<number>;
  readonly tokenCount: number;
  readonly operations: number;
}

const emptyPass = { candidates: new Set<number>(), tokenCount: 0, operations: 0 };

/**
 * Packs what is missing into as few passes as memory and `mostPassOperations` allow. A pass has at least one unit, whatever
 * it needs.
 * @param isMissing whether a candidate's result for unit `unit` is not known yet
 */
export function splitPasses(
  units: readonly WorkUnit[],
  candidateCount: number,
  isMissing: (candidate: number, unit: number) => boolean,
  limits: PassLimits,
): PlannedPass[] {
  const all = Array.from({ length: candidateCount }, (_, candidate) => candidate);
  const passes: GrowingPass[] = [];
  for (const [index, unit] of units.entries()) {
    const candidates = all.filter((candidate) => isMissing(candidate, index));
    if (candidates.length === 0) continue;
    const last = passes.at(-1);
    const joined = grown(last ?? emptyPass, unit, candidates, limits);
    if (last === undefined || !fits(joined, limits)) passes.push({ units: [unit], ...grown(emptyPass, unit, candidates, limits) });
    else passes[passes.length - 1] = { units: [...last.units, unit], ...joined };
  }
  return passes.map((pass) => ({ units: pass.units, candidates: [...pass.candidates].sort((a, b) => a - b) }));
}

type PassWork = Omit<GrowingPass, 'units'>;

function grown(work: PassWork, unit: WorkUnit, candidates: readonly number[], { operationsOf }: PassLimits): PassWork {
  return {
    candidates: new Set([...work.candidates, ...candidates]),
    tokenCount: work.tokenCount + unit.tokenCount,
    operations: work.operations + operationsOf(unit),
  };
}

function fits({ candidates: { size }, tokenCount, operations }: PassWork, { tokenByteLength, memoryBudget }: PassLimits): boolean {
  return statesByteLength(tokenCount, size, tokenByteLength) <= memoryBudget && size * operations <= mostPassOperations;
}

/** Bytes of the hidden states of a pass: those of every candidate, and room for those of one more, where a stage puts them. */
export function statesByteLength(tokenCount: number, candidateCount: number, tokenByteLength: number): number {
  return tokenCount * (candidateCount + 1) * tokenByteLength;
}
