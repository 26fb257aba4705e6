import type { ResultCache } from '../cache/index.js';
import { runPass, stageByteLength, stagesOf, type ModelThread } from '../forward/index.js';
import type { PreparedGroup } from '../prepare/prepareGroup.js';
import { passSequences, type PlannedPass } from '../prepare/splitPasses.js';
import type { NonFiniteTensor, TaskScore } from '../report/index.js';

export interface GroupContext {
  readonly model: ModelThread;
  readonly cache: ResultCache | null;
  readonly rounded: boolean;
  readonly onProgress: (byteLength: number, stage: string) => void;
}

/** What a member of a group scores on every task. */
export interface MemberResult {
  readonly candidate: number;
  readonly scores: readonly TaskScore[];
  readonly nonFinite: readonly NonFiniteTensor[];
}

/** What came out as NaN or infinite of each member's weights. */
type MemberFaults = readonly (readonly NonFiniteTensor[])[];

/** Computes what is not known yet of a group. Results are kept in the cache pass by pass. */
export async function computeGroup(group: PreparedGroup, context: GroupContext): Promise<MemberFaults> {
  const nonFinite = group.members.map((): readonly NonFiniteTensor[] => []);
  for (const pass of group.passes) await computePass(group, pass, context, nonFinite);
  return nonFinite;
}

/** Scores every member of a group whose results are all known. */
export function scoreGroup({ members, tasks, results }: PreparedGroup, nonFinite: MemberFaults): MemberResult[] {
  return members.map(({ candidate }, member) => ({
    candidate,
    scores: tasks.map((_, task) => results.score(member, tasks, task)),
    nonFinite: nonFinite[member] ?? [],
  }));
}

/** Float32 bytes of weights that a group puts through its model, over all passes and candidates. */
export function groupByteLength(group: PreparedGroup): number {
  return group.passes.reduce((sum, pass) => {
    const stages = stagesOf(group.graph, passSequences(group, pass));
    return sum + pass.candidates.length * stages.reduce((total, stage) => total + stageByteLength(stage), 0);
  }, 0);
}

async function computePass(
  group: PreparedGroup,
  pass: PlannedPass,
  { model, cache, rounded, onProgress }: GroupContext,
  nonFinite: (readonly NonFiniteTensor[])[],
): Promise<void> {
  const candidates = pass.candidates.map((member) => group.members[member]!.plan);
  const sequences = passSequences(group, pass);
  const result = await runPass({ graph: group.graph, candidates, sequences, rounded }, { model, onProgress });
  for (const [index, member] of pass.candidates.entries()) {
    if (result.nonFinite[index]!.length > 0) nonFinite[member] = result.nonFinite[index]!;
    await keepUnits(group, pass, member, result.logProbabilities[index]!, nonFinite[member]!.length === 0 ? cache : null);
  }
}

/** Results of weights that are not finite are not kept in the cache: it does not hold which tensors they were. */
async function keepUnits(
  { units, results, keyOf }: PreparedGroup,
  pass: PlannedPass,
  member: number,
  logProbabilities: readonly Float64Array[],
  cache: ResultCache | null,
): Promise<void> {
  let first = 0;
  for (const unit of pass.units) {
    const values = logProbabilities.slice(first, first + unit.count);
    const index = units.indexOf(unit);
    results.set(member, index, values);
    await cache?.put(keyOf(member, index), values);
    first += unit.count;
  }
}
