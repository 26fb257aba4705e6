import type { WorkUnit } from './workUnits.js';

/** Work of one pass over the weights: units that some of these candidates lack. Numbers are indices within the group. */
export interface PlannedPass {
  readonly units: readonly WorkUnit[];
  readonly candidates: readonly number[];
}

/**
 * Packs what is missing into as few passes as the budget allows. A pass has at least one unit, whatever it needs.
 * @param isMissing whether a candidate's result for unit `unit` is not known yet
 * @param tokenByteLength bytes that the hidden states of a token need
 */
export function splitPasses(
  units: readonly WorkUnit[],
  candidateCount: number,
  isMissing: (candidate: number, unit: number) => boolean,
  tokenByteLength: number,
  budget: number,
): PlannedPass[] {
  const passes: { units: WorkUnit[]; candidates: Set<number>; tokenCount: number }[] = [];
  for (const [index, unit] of units.entries()) {
    const candidates = Array.from({ length: candidateCount }, (_, candidate) => candidate).filter((candidate) =>
      isMissing(candidate, index),
    );
    if (candidates.length === 0) continue;
    const last = passes.at(-1);
    const joined = new Set([...(last?.candidates ?? []), ...candidates]);
    const tokenCount = (last?.tokenCount ?? 0) + unit.tokenCount;
    if (last && statesByteLength(tokenCount, joined.size, tokenByteLength) <= budget) {
      last.units.push(unit);
      last.candidates = joined;
      last.tokenCount = tokenCount;
    } else passes.push({ units: [unit], candidates: new Set(candidates), tokenCount: unit.tokenCount });
  }
  return passes.map((pass) => ({ units: pass.units, candidates: [...pass.candidates].sort((a, b) => a - b) }));
}

/** Bytes of the hidden states of a pass: those of every candidate, and room for those of one more, where a stage puts them. */
export function statesByteLength(tokenCount: number, candidateCount: number, tokenByteLength: number): number {
  return tokenCount * (candidateCount + 1) * tokenByteLength;
}
