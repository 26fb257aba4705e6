import { totalmem } from 'node:os';
import { resultKey, sequencesIdentity, weightsIdentity, type FileIdentities, type ResultCache } from '../cache/index.js';
import type { EvaluateRequest, EvaluateSettings } from '../request.js';
import { prepareTasks, type PreparedTask, type TokenSequence } from '../tasks/index.js';
import { UnitResults } from '../run/unitResults.js';
import type { CandidateGroup } from './candidateGroups.js';
import { checkTokens } from './checkTokens.js';
import { forwardOperations } from './forwardOperations.js';
import { splitPasses, type PlannedPass } from './splitPasses.js';
import { unitSequences, workUnits, type WorkUnit } from './workUnits.js';

/** A group with its sequences, what is known of its results already, and the passes that give the rest. */
export interface PreparedGroup extends CandidateGroup {
  readonly tasks: readonly PreparedTask[];
  readonly units: readonly WorkUnit[];
  readonly results: UnitResults;
  readonly passes: readonly PlannedPass[];
  /** Cache key of a member's result for a unit. */
  readonly keyOf: (member: number, unit: number) => string;
}

/** What groups of an evaluation share. */
export interface GroupContext {
  readonly request: EvaluateRequest;
  readonly identities: FileIdentities;
  readonly cache: ResultCache | null;
}

/** @throws as `prepareTasks`; FormatError for tokens that the models have no embedding for */
export async function prepareGroup(group: CandidateGroup, { request, identities, cache }: GroupContext): Promise<PreparedGroup> {
  const { settings } = request;
  const tasks = await prepareTasks(request.tasks, group.tokenizer, { ...settings, contextLength: group.graph.contextLength });
  await checkTokens(tasks, group.tokenizer, group.graph);
  const units = workUnits(tasks);
  const keyOf = keysOf(
    group,
    identities,
    units.map((unit) => unitSequences(tasks, unit)),
    settings,
  );
  const results = new UnitResults(group.members.length, units);
  if (cache !== null) await takeCached(cache, results, group.members.length, units.length, keyOf);
  const isMissing = (member: number, unit: number): boolean => results.isMissing(member, unit);
  const passes = splitPasses(units, group.members.length, isMissing, {
    tokenByteLength: tokenByteLength(group),
    memoryBudget: settings.memoryBudget ?? totalmem() / 4,
    operationsOf: (unit) => forwardOperations(group.graph, unitSequences(tasks, unit)),
  });
  return { ...group, tasks, units, results, passes, keyOf };
}

/** Bytes that the hidden states of a token need. */
export function tokenByteLength({ graph }: Pick<CandidateGroup, 'graph'>): number {
  return graph.hiddenSize * Float32Array.BYTES_PER_ELEMENT;
}

function keysOf(
  { members, architecture }: CandidateGroup,
  identities: FileIdentities,
  unitSequences: readonly (readonly TokenSequence[])[],
  { precision, provider }: EvaluateSettings,
): PreparedGroup['keyOf'] {
  const weights = members.map(({ plan }) => weightsIdentity(plan, identities));
  const configuration = JSON.stringify({ ...architecture, file: '' });
  const sequences = unitSequences.map(sequencesIdentity);
  return (member, unit) => resultKey({ weights: weights[member]!, configuration, sequences: sequences[unit]!, precision, provider });
}

async function takeCached(
  cache: ResultCache,
  results: UnitResults,
  memberCount: number,
  unitCount: number,
  keyOf: PreparedGroup['keyOf'],
): Promise<void> {
  for (let member = 0; member < memberCount; member++) {
    for (let unit = 0; unit < unitCount; unit++) {
      const values = await cache.get(keyOf(member, unit));
      if (values !== null) results.set(member, unit, values);
    }
  }
}
