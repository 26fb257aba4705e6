import type { Computation } from '../../combine/index.js';
import type { ModelGraph } from '../graph/modelGraph.js';
import type { NonFiniteTensor } from '../report/index.js';
import type { TokenSequence } from '../tasks/task.js';
import { planStage } from '../weights/index.js';
import { batchSequences } from './batchSequences.js';
import type { ModelThread } from './modelThread.js';
import type { BeginRequest, StageResult } from './protocol.js';
import { stageByteLength, stagesOf, type Stage } from './stages.js';

/** One pass over the weights: every candidate reads every sequence. */
export interface Pass {
  readonly graph: ModelGraph;
  readonly candidates: readonly Computation[];
  readonly sequences: readonly TokenSequence[];
  /** Round weights to the dtype they would be stored in. */
  readonly rounded: boolean;
}

export interface PassContext {
  readonly model: Pick<ModelThread, 'run'>;
  /** Called after each candidate's stage with the float32 bytes of weights it used. */
  readonly onProgress?: (byteLength: number, stage: string) => void;
}

export interface PassResult {
  /** Of each candidate, of each sequence: log-probabilities of its scored tokens. */
  readonly logProbabilities: readonly (readonly Float64Array[])[];
  /** Of each candidate. */
  readonly nonFinite: readonly (readonly NonFiniteTensor[])[];
  readonly readByteLength: number;
}

/** Streams the model once, stage by stage: each reads its weights of all checkpoints and serves every candidate. */
export async function runPass(pass: Pass, context: PassContext): Promise<PassResult> {
  const nonFinite = pass.candidates.map((): NonFiniteTensor[] => []);
  await context.model.run(beginRequest(pass));
  let readByteLength = 0;
  for (const stage of stagesOf(pass.graph, pass.sequences)) {
    const result = await runStage(stage, pass, context);
    readByteLength += result.readByteLength;
    for (const [candidate, counts] of result.nonFinite.entries()) noteNonFinite(nonFinite[candidate]!, stage, counts);
  }
  const logProbabilities = await Promise.all(pass.candidates.map((_, candidate) => finish(context.model, candidate)));
  return { logProbabilities, nonFinite, readByteLength };
}

function runStage(stage: Stage, { candidates, rounded }: Pass, { model, onProgress }: PassContext): Promise<StageResult> {
  const planned = planStage(candidates, stage.wanted);
  const onCandidate = (): void => onProgress?.(stageByteLength(stage), stage.label);
  return model.run({ kind: 'stage', planned, step: stage.step, rounded }, onCandidate);
}

/** A tensor that is taken in several parts is noted once, with the sum of its counts. */
function noteNonFinite(noted: NonFiniteTensor[], { wanted }: Stage, counts: readonly number[]): void {
  for (const [i, { tensor }] of wanted.entries()) {
    const count = counts[i]!;
    if (count === 0) continue;
    const known = noted.findIndex((entry) => entry.tensor === tensor);
    if (known < 0) noted.push({ tensor, count });
    else noted[known] = { tensor, count: noted[known]!.count + count };
  }
}

async function finish(model: PassContext['model'], candidate: number): Promise<readonly Float64Array[]> {
  return (await model.run({ kind: 'finish', candidate }))!;
}

function beginRequest({ graph, sequences }: Pass): BeginRequest {
  const batches = batchSequences(sequences);
  const kinds = [...new Set(graph.blocks.map(({ positionKind }) => positionKind))];
  const lengths = [...new Set(batches.map(({ length }) => length))];
  const graphs = [...graph.blocks.map((block) => block.graph), graph.head.norm, graph.head.projection];
  return {
    kind: 'begin',
    hiddenSize: graph.hiddenSize,
    sequences,
    batches,
    graphs: [...new Map(graphs.map((entry) => [entry.id, entry])).values()],
    positions: kinds.flatMap((kind) => lengths.map((length) => ({ kind, length, inputs: graph.positionInputs(kind, length) }))),
  };
}
