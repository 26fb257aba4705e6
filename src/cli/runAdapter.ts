import { parseScaleRule, type AdapterPlan, type AdapterRequest } from '../combine/index.js';
import { toJson } from '../base/json/toJson.js';
import { plural } from '../base/format.js';
import { visibleText } from '../base/visibleText.js';
import { readFromUser, UsageError, type ExitCode, type Io } from './io.js';
import type { ParsedOptions } from './options.js';
import { runJob } from './runJob.js';

/** What says how a model is written, and nothing about factors that stay as they are. */
const ofWeights = [
  'base',
  'delta',
  'include',
  'exclude',
  'dtype',
  'max-shard-size',
  'vocab',
  'skip-mismatched',
  'prefix-map',
  'overwrite',
  'resume',
];

/** Writes an adapter for another base, or says what it would be. */
export async function runAdapter(options: ParsedOptions, io: Io): Promise<ExitCode> {
  const plan = await runJob('adapter/plan', readRequest(options), io);
  const [asJson, isDry] = [options.flag('json'), options.flag('dry-run')];
  if (plan.refusals.length > 0) {
    if (asJson) io.stdout(`${toJson(isDry ? plan : { refusals: plan.refusals })}\n`);
    for (const { message } of plan.refusals) io.stderr(`refused: ${visibleText(message)}\n`);
    return isDry ? 1 : 2;
  }
  if (!isDry) await runJob('adapter/write', { plan }, io);
  io.stdout(asJson ? `${toJson(plan)}\n` : describe(plan, isDry));
  return 0;
}

/** @throws UsageError */
function readRequest(options: ParsedOptions): AdapterRequest {
  const other = ofWeights.find((name) => options.flag(name));
  if (other !== undefined) throw new UsageError(`--as adapter keeps the factors as they are, so --${other} says nothing.`);
  const rules = options.values('scale').map((text) => readFromUser(() => parseScaleRule(text)));
  if (rules.length > 1 || (rules[0]?.pattern ?? null) !== null) throw new UsageError('--as adapter takes one --scale, for all weights.');
  const [finetuned, target, output] = ['finetuned', 'target', 'out'].map((name) => options.required(name)) as [string, string, string];
  return { finetuned, target, output, scale: rules[0]?.scale ?? 1 };
}

function describe({ output, title, baseName, weightCount, request }: AdapterPlan, isDry: boolean): string {
  const factor = request.scale === 1 ? '' : `, ΔW ${request.scale} times`;
  const done = isDry ? 'would be' : 'is';
  return `${visibleText(output)} ${done} the ${visibleText(title)} for ${visibleText(baseName)}: the same factors${factor}. All ${plural(weightCount, 'weight')} that it changes are there, with the right shape.\n`;
}
