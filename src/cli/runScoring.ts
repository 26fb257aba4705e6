import { resolve } from 'node:path';
import type { ConnectivityRequest, ConnectivityRun } from '../connectivity/index.js';
import type { OptionSpec } from './command.js';
import { UsageError, type ExitCode, type Io } from './io.js';
import type { ParsedOptions } from './options.js';
import { describeConnectivityPlan, planToJson } from './planText.js';
import { isPicture, withReportPlaces } from './reportFile.js';
import { runText } from './runFile.js';
import { runToPrintedJson } from './runJson.js';
import { describeRun } from './runText.js';
import { visibleText } from '../base/visibleText.js';
import { runJob } from './runJob.js';

/** Options of every command whose result is a connectivity run. */
export const runFileOptions = {
  out: {
    type: 'string',
    value: 'FILE',
    help: 'Also write the run: *.csv, *.md, *.svg (a picture of a curve, sweep or matrix), or JSON under any other name (*.connectivity.json opens in VS Code).',
  },
  overwrite: { type: 'boolean', help: 'Let --out replace an existing file.' },
} as const satisfies Record<string, OptionSpec>;

/** Plans a run and, unless only the plan is wanted, scores it, saves it and prints it. */
export async function runScoring(request: ConnectivityRequest, options: ParsedOptions, io: Io): Promise<ExitCode> {
  const out = options.value('out');
  const place = out === null ? null : resolve(out);
  if (place !== null) requireSensiblePlace(place, request, options);
  if (options.flag('plan')) return printPlan(request, options, io);
  return withReportPlaces<ExitCode>(place === null ? [] : [place], options.flag('overwrite'), async (save) => {
    const run = await score(request, io, (partial) => saveUnfinished(partial, place, save, io));
    io.stdout(options.flag('json') ? `${runToPrintedJson(run)}\n` : describeRun(run, io));
    if (place !== null) await save(place, await runText(run, place));
    return 0;
  });
}

/** @throws UsageError */
function requireSensiblePlace(place: string, { kind, tasks }: ConnectivityRequest, options: ParsedOptions): void {
  if (kind === 'plane' && isPicture(place))
    throw new UsageError('--out has no picture of a plane. Write JSON, which the panel in VS Code draws and exports.');
  if (options.flag('plan')) throw new UsageError('--plan scores nothing, so there is no run that --out could write.');
  if (tasks.some((task) => resolve(task) === place)) throw new UsageError(`--out names a task: ${place} would be lost.`);
}

async function printPlan(request: ConnectivityRequest, options: ParsedOptions, io: Io): Promise<ExitCode> {
  const plan = await runJob('connectivity/plan', request, io);
  io.stdout(options.flag('json') ? `${planToJson(plan)}\n` : describeConnectivityPlan(plan));
  return plan.evaluations.some(({ refusals }) => refusals.length > 0) ? 1 : 0;
}

/** @param onStopped gets what was known when the run failed or was cancelled, if anything was */
async function score(
  request: ConnectivityRequest,
  io: Io,
  onStopped: (partial: ConnectivityRun) => Promise<void>,
): Promise<ConnectivityRun> {
  const known: ConnectivityRun[] = [];
  try {
    return await runJob('connectivity/run', request, io, ({ run }) => {
      if (run !== undefined) known.push(run);
    });
  } catch (error) {
    const last = known.at(-1);
    if (last !== undefined) await onStopped(last);
    throw error;
  }
}

async function saveUnfinished(
  partial: ConnectivityRun,
  place: string | null,
  save: (path: string, text: string) => Promise<void>,
  io: Io,
): Promise<void> {
  if (place === null || !place.toLowerCase().endsWith('.json')) return;
  await save(place, await runText(partial, place));
  io.stderr(`What is known so far is in ${visibleText(place)}: go on with --extend.\n`);
}
