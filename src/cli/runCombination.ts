import {
  describeNonFinite,
  describePlan,
  describeRounding,
  lostShare,
  type CombinePlan,
  type CombineRequest,
  type Manifest,
} from '../combine/index.js';
import { formatBytes, formatCount, formatSeconds, formatShare } from '../compare/report/index.js';
import { jobs } from '../engine/jobs.js';
import type { RunChoices } from '../engine/index.js';
import type { ExitCode, Io } from './io.js';
import type { ParsedOptions } from './options.js';
import { runChoices } from './combineOptions.js';
import { ProgressBar } from './progressBar.js';
import { printableLines, textTable, type Column } from './textTable.js';

/** Plans a combination and, unless only the plan is wanted, runs it. What every writing command does. */
export async function runCombination(request: CombineRequest, options: ParsedOptions, io: Io): Promise<ExitCode> {
  const plan = await jobs['combine/plan'](request, { signal: io.signal, report: () => undefined });
  const asJson = options.flag('json');
  if (options.flag('dry-run')) {
    io.stdout(asJson ? `${planToJson(plan)}\n` : printableLines(describePlan(plan)));
    return plan.refusals.length > 0 ? 1 : 0;
  }
  if (plan.refusals.length > 0) return refuse(plan, io);
  for (const { severity, message } of plan.findings) if (!asJson) io.stderr(`${printableLines(`${severity}: ${message}`)}\n`);
  const { manifest, seconds } = await runPlan(plan, runChoices(options), io);
  io.stdout(asJson ? `${resultToJson(plan, manifest, seconds)}\n` : describeResult(plan, manifest, seconds, io));
  return 0;
}

function refuse({ refusals }: CombinePlan, io: Io): ExitCode {
  for (const { message } of refusals) io.stderr(`${printableLines(`refused: ${message}`)}\n`);
  return 2;
}

async function runPlan(plan: CombinePlan, choices: RunChoices, io: Io): Promise<{ manifest: Manifest; seconds: number }> {
  const progress = new ProgressBar(io);
  const started = performance.now();
  const context = { signal: io.signal, report: progress.update };
  const manifest = await jobs['combine/run']({ plan, options: choices }, context)
    .finally(() => progress.clear())
    .catch((error: unknown) => {
      if (io.signal.aborted && choices.keepPartial) io.stderr('What is written so far is kept: go on with --resume.\n');
      throw error;
    });
  return { manifest, seconds: (performance.now() - started) / 1000 };
}

/** The plan as JSON; of the header bytes only their number. */
function planToJson(plan: CombinePlan): string {
  const shards = plan.shards.map(({ header, ...shard }) => ({ ...shard, headerByteLength: header.byteLength }));
  return JSON.stringify({ ...plan, shards });
}

function resultToJson(plan: CombinePlan, { kind, formula, rounding, vocabulary }: Manifest, seconds: number): string {
  const { output, writeByteLength, findings } = plan;
  const skipped = plan.tensors.filter(({ action }) => action === 'skipped').map(({ name }) => name);
  const replace = (_key: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
  return JSON.stringify({ output, kind, formula, writeByteLength, seconds, rounding, vocabulary, skipped, findings }, replace);
}

function describeResult(plan: CombinePlan, manifest: Manifest, seconds: number, io: Io): string {
  const nonFinite = describeNonFinite(manifest.rounding);
  return [
    printableLines(`${manifest.formula}\n`),
    printableLines(`${plan.output}: ${formatBytes(plan.writeByteLength)} in ${formatSeconds(seconds)}\n`),
    '\n',
    roundingTable(manifest, io),
    '\n',
    `${describeRounding(manifest.rounding.total)}\n`,
    ...(nonFinite === null ? [] : [printableLines(`Warning: ${nonFinite}\n`)]),
  ].join('');
}

const columns: readonly Column[] = [
  { title: 'layer', align: 'left', flexible: true },
  { title: 'to change', align: 'right' },
  { title: 'did not move', align: 'right' },
  { title: 'change lost', align: 'right' },
];

function roundingTable({ rounding: { layers } }: Manifest, io: Io): string {
  const rows = layers.map((layer) => [
    layer.layer,
    formatCount(layer.changedCount),
    formatCount(layer.unmovedCount),
    formatShare(lostShare(layer)),
  ]);
  return textTable(columns, rows, io.columns);
}
