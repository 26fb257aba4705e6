import { existsSync } from 'node:fs';
import {
  describePlan,
  JournalError,
  OutputError,
  partialPath,
  type CombinePlan,
  type CombineRequest,
  type Manifest,
} from '../combine/index.js';
import type { RunChoices } from '../engine/index.js';
import type { ExitCode, Io } from './io.js';
import type { ParsedOptions } from './options.js';
import { runChoices } from './combineOptions.js';
import { describeResult, planToJson, resultToJson } from './combinationText.js';
import { PlaceOwnedError } from '../base/ownership/placeErrors.js';
import { nameRemedies, takeOverRemedy } from './refusals.js';
import { visibleText } from '../base/visibleText.js';
import { runJob } from './runJob.js';

/** Plans a combination and, unless only the plan is wanted, runs it. What every writing command does. */
export async function runCombination(request: CombineRequest, options: ParsedOptions, io: Io): Promise<ExitCode> {
  const plan = nameRemedies(await runJob('combine/plan', request, io));
  const asJson = options.flag('json');
  if (options.flag('dry-run')) {
    io.stdout(asJson ? `${planToJson(plan)}\n` : describePlan(plan));
    return plan.refusals.length > 0 ? 1 : 0;
  }
  if (plan.refusals.length > 0) return refuse(plan, asJson, io);
  for (const { severity, message } of plan.findings) if (!asJson) io.stderr(`${severity}: ${visibleText(message)}\n`);
  const { manifest, seconds } = await runPlan(plan, runChoices(options), io);
  io.stdout(
    asJson
      ? `${resultToJson(plan, manifest, seconds)}\n`
      : describeResult({ plan, manifest, seconds, everyLayer: options.flag('all') }, io),
  );
  return 0;
}

function refuse({ refusals }: CombinePlan, asJson: boolean, io: Io): ExitCode {
  if (asJson) io.stdout(`${JSON.stringify({ refusals })}\n`);
  for (const { message } of refusals) io.stderr(`refused: ${visibleText(message)}\n`);
  return 2;
}

async function runPlan(plan: CombinePlan, choices: RunChoices, io: Io): Promise<{ manifest: Manifest; seconds: number }> {
  const started = performance.now();
  const partial = partialPath(plan.output);
  io.onKill(() => (existsSync(partial) ? `What is written so far stays in ${partial}: go on with --resume.` : null));
  const manifest = await runJob('combine/run', { plan, options: choices }, io).catch((error: unknown) => {
    if (io.signal.aborted && choices.keepPartial)
      io.stderr(`What is written so far is kept in ${visibleText(partial)}: go on with --resume.\n`);
    throw withRemedy(error, choices);
  });
  return { manifest, seconds: (performance.now() - started) / 1000 };
}

/** What cannot be resumed can be made again, and who has ended can be taken over. */
function withRemedy(error: unknown, { resume }: RunChoices): unknown {
  const isStuck = resume && (error instanceof OutputError || error instanceof JournalError);
  const remedy = isStuck ? '--overwrite in place of --resume' : error instanceof PlaceOwnedError ? takeOverRemedy : null;
  return remedy === null || !(error instanceof Error)
    ? error
    : new Error(`${error.message} On the command line: ${remedy}.`, { cause: error });
}
