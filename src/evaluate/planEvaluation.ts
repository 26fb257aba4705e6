import { formatCount } from '../base/format.js';
import { batchSequences, stageByteLength, stagesOf } from './forward/index.js';
import { activationByteLength } from './graph/index.js';
import type { EvaluationPlan } from './plan.js';
import { forwardOperations } from './prepare/forwardOperations.js';
import { tokenByteLength, type PreparedGroup } from './prepare/prepareGroup.js';
import { prepareEvaluation, type PreparedEvaluation } from './prepare/prepareEvaluation.js';
import { passSequences, statesByteLength, type PlannedPass } from './prepare/splitPasses.js';
import { groupByteLength } from './run/computeGroup.js';
import { formerIdentities, reportInputs, reportTasks } from './run/reportParts.js';
import { planByCommand } from './run/scoreByCommand.js';
import type { EvaluateRequest } from './request.js';
import type { TokenSequence } from './tasks/index.js';
import { planStage, readByteLength } from './weights/index.js';
import { maxOf } from '../base/extremes.js';

/** Bytes of programs and their threads, beside weights, hidden states and what a layer computes on its way. */
const baseMemory = 175e6;

/**
 * What an evaluation will cost; reads headers, tokenizers and tasks, no weights.
 * @throws as `prepareEvaluation`
 */
export async function planEvaluation(request: EvaluateRequest, signal?: AbortSignal): Promise<EvaluationPlan> {
  const prepared = await prepareEvaluation(request, signal);
  const { groups, findings, refusals } = prepared;
  const costs = groups.flatMap((group) => group.passes.map((pass) => passCost(group, pass)));
  const sum = (value: (cost: PassCost) => number): number => costs.reduce((total, cost) => total + value(cost), 0);
  return {
    request,
    inputs: reportInputs(prepared),
    formerIdentities: formerIdentities(prepared),
    tasks: plannedTasks(prepared),
    architecture: groups[0] === undefined ? '' : describeArchitecture(groups[0]),
    candidateCount: request.candidates.length,
    cachedCount: groups.reduce((total, group) => total + cachedScores(group), 0),
    passes: costs.length,
    readByteLength: sum((cost) => cost.read),
    peakMemory: Math.max(0, maxOf(costs.map((cost) => cost.memory))) + baseMemory,
    formedByteLength: groups.reduce((total, group) => total + groupByteLength(group), 0),
    operations: sum((cost) => cost.operations),
    activationByteLength: sum((cost) => cost.activations),
    estimatedSeconds: null,
    outside: await planByCommand(prepared),
    findings,
    refusals,
  };
}

interface PassCost {
  readonly read: number;
  readonly memory: number;
  readonly operations: number;
  readonly activations: number;
}

/** Raw weights of a stage, the formed ones of a candidate, all hidden states, and what the largest batch needs on its way. */
function passCost(group: PreparedGroup, pass: PlannedPass): PassCost {
  const sequences = passSequences(group, pass);
  const plans = pass.candidates.map((member) => group.members[member]!.plan);
  const stages = stagesOf(group.graph, sequences).map((stage) => ({
    read: readByteLength(planStage(plans, stage.wanted)),
    formed: stageByteLength(stage),
  }));
  const tokens = sequences.reduce((sum, sequence) => sum + sequence.tokens.length, 0);
  const weights = maxOf(stages.map(({ read, formed }) => read + formed));
  const activations = activationByteLengths(group, sequences);
  return {
    read: stages.reduce((sum, stage) => sum + stage.read, 0),
    memory: weights + statesByteLength(tokens, pass.candidates.length, tokenByteLength(group)) + maxOf(activations),
    operations: pass.candidates.length * forwardOperations(group.graph, sequences),
    activations: pass.candidates.length * activations.reduce((sum, byteLength) => sum + byteLength, 0),
  };
}

/** Of each layer and batch. */
function activationByteLengths({ architecture: { layers } }: PreparedGroup, sequences: readonly TokenSequence[]): number[] {
  const batches = batchSequences(sequences);
  return layers.flatMap((layer) => batches.map((batch) => activationByteLength(layer, batch.sequences.length, batch.length)));
}

function plannedTasks(prepared: PreparedEvaluation): EvaluationPlan['tasks'] {
  const tasks = prepared.groups[0]?.tasks ?? [];
  return reportTasks(prepared).map((task, index) => {
    const sequences = tasks[index]?.sequences ?? [];
    return { ...task, sequenceCount: sequences.length, tokenCount: sequences.reduce((sum, { tokens }) => sum + tokens.length, 0) };
  });
}

/** Scores of a candidate on a task that need no computing. */
function cachedScores({ members, tasks, units, results }: PreparedGroup): number {
  const isKnown = (member: number, task: number): boolean =>
    units.every((unit, index) => unit.task !== task || !results.isMissing(member, index));
  return members.reduce((sum, _, member) => sum + tasks.filter((_task, task) => isKnown(member, task)).length, 0);
}

function describeArchitecture({ architecture: { family, hiddenSize, layers, vocabularySize } }: PreparedGroup): string {
  return `${family}, ${layers.length} layers of ${hiddenSize}, vocabulary ${formatCount(vocabularySize)}`;
}
