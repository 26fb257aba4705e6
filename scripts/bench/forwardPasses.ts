/**
 * The forward passes of a curve alone, to be timed beside the product: the weights of the point in the middle are formed
 * once into float32, then the same requests to the model (graphs, session options, sequences) run once per point.
 *
 *   node --import tsx scripts/bench/forwardPasses.ts A B --task FILE --points 11 --threads 2
 *
 * Prints JSON: seconds of all passes together, and the loss. Sessions are made in a pass that does not count. Needs memory
 * for a whole model in float32.
 */
import { parseArgs } from 'node:util';
import { interpolation } from '../../src/combine/index.js';
import { WorkerPool } from '../../src/compute/index.js';
import { runPass, type Pass, type PassContext } from '../../src/evaluate/forward/index.js';
import type { ModelRequest, ModelResult, ThreadRequest } from '../../src/evaluate/forward/protocol.js';
import { StageRunner } from '../../src/evaluate/forward/stageRunner.js';
import { StreamedModel } from '../../src/evaluate/forward/streamedModel.js';
import { defaultSettings, type EvaluateRequest } from '../../src/evaluate/index.js';
import { passSequences } from '../../src/evaluate/prepare/splitPasses.js';
import { prepareEvaluation } from '../../src/evaluate/prepare/prepareEvaluation.js';
import { BufferPool } from '../../src/evaluate/weights/index.js';

function requestOf(a: string, b: string, task: string): EvaluateRequest {
  return {
    inputs: [a, b].map((path, i) => ({ role: i === 0 ? 'a' : 'b', path, expect: 'checkpoint' })),
    candidates: [{ label: 'middle', combination: interpolation('a', 'b', 0.5) }],
    tasks: [task],
    choices: { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' },
    settings: defaultSettings,
  };
}

async function passOf(request: EvaluateRequest): Promise<Pass> {
  const { groups } = await prepareEvaluation(request);
  const [group] = groups;
  const [pass] = group?.passes ?? [];
  if (group === undefined || pass === undefined) throw new Error('Nothing to score: the text gives no sequence.');
  return { graph: group.graph, candidates: [group.members[0]!.plan], sequences: passSequences(group, pass), rounded: true };
}

/** Takes no buffer back: what was formed stays. */
class KeptBuffers extends BufferPool {
  override give(): void {
    return;
  }
}

/** Every request of a pass, with its weights. */
async function recordRequests(pass: Pass, workers: number): Promise<ModelRequest[]> {
  const requests: ModelRequest[] = [];
  const record = (request: ModelRequest): Promise<ModelResult> => Promise.resolve(requests.push(request) > 0 ? [] : null);
  await WorkerPool.use({ engine: 'simd', workers }, undefined, (pool) => {
    const runner = new StageRunner(pool, { run: record }, new KeptBuffers());
    const run = (request: ThreadRequest) => (request.kind === 'stage' ? runner.run(request, () => undefined) : record(request));
    return runPass(pass, { model: { run: run as PassContext['model']['run'] } });
  });
  return requests;
}

async function play(model: StreamedModel, requests: readonly ModelRequest[]): Promise<ModelResult> {
  let result: ModelResult = null;
  for (const request of requests) result = await model.run(request);
  return result;
}

function meanLoss(logProbabilities: ModelResult): number {
  const all = (logProbabilities ?? []).flatMap((values) => [...values]);
  return -all.reduce((sum, value) => sum + value, 0) / all.length;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { task: { type: 'string' }, points: { type: 'string', default: '1' }, threads: { type: 'string', default: '2' } },
  });
  const [a, b] = positionals;
  if (a === undefined || b === undefined || values.task === undefined) throw new Error('Give two checkpoints and --task FILE.');
  const threads = Number(values.threads);
  const requests = await recordRequests(await passOf(requestOf(a, b, values.task)), threads);
  const model = new StreamedModel({ provider: 'cpu', threads, stopped: new Int32Array(1) });
  const loss = meanLoss(await play(model, requests));
  const started = performance.now();
  for (let point = 0; point < Number(values.points); point++) await play(model, requests);
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, loss }));
}

void main();
