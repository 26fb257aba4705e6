import { addressExists } from '../../checkpoint/index.js';
import { formatCombination, parseCombination, type Combination } from '../../combine/index.js';
import { toJson } from '../../base/json/toJson.js';
import { formatEstimate, scoreCells, scoreTitles } from '../../connectivity/index.js';
import type { EvaluateReport, EvaluateRequest } from '../../evaluate/index.js';
import { scoreDifference, type ScoreDifference } from '../../evaluate/report/index.js';
import { readFromUser, UsageError, type ExitCode, type Io } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import { modelOption, modelPaths, nameInputs, requireExisting } from '../modelNames.js';
import type { ParsedOptions } from '../options.js';
import { describeEvaluationPlan, planToJson } from '../planText.js';
import { readScoring, scoringOptions } from '../scoringOptions.js';
import { textTable } from '../textTable.js';
import { visibleText } from '../../base/visibleText.js';
import { formatSeconds } from '../../base/format.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'evaluate',
  positionals: ['EXPR'],
  isRepeatable: true,
  required: '--task FILE',
  summary: 'Score models and combinations of models, all in one pass over the weights. Nothing is written.',
  notes:
    'EXPR is the path of a model, or a formula as in combine. Give as many as you like: each weight is read once for all of them. Every other candidate is held against the first, window by window or question by question: ± is the standard error of that difference. "Normalised" accuracy divides the log-likelihood of a choice by the bytes of its text; 95 % is the Wilson interval.',
  options: {
    ...modelOption,
    ...scoringOptions,
    against: { type: 'string', value: 'EXPR', help: 'The candidate that the others are held against (default: the first).' },
  },
};

export const evaluateCommand: Command = {
  spec,
  async run(options, io) {
    const request = { ...readModels(options), ...readScoring(options) };
    const against = readReference(options, request);
    if (options.flag('plan')) return printPlan(request, options, io);
    const report = await runJob('evaluate/run', request, io);
    const differences = differencesTo(report, against);
    io.stdout(options.flag('json') ? `${toJson(printed(report, against, differences))}\n` : describe(report, against, differences, io));
    return 0;
  },
};

/** The models of all formulas are named together, so that a name means the same in each. */
function readModels(options: ParsedOptions): Pick<EvaluateRequest, 'inputs' | 'candidates'> {
  const written = options.positionals.map(readExpression);
  const { combination, inputs } = nameInputs({ steps: written.flatMap(({ steps }) => steps) }, modelPaths(options));
  for (const { path } of inputs) requireExisting(path);
  let first = 0;
  const combinations = written.map(({ steps }) => ({ steps: combination.steps.slice(first, (first += steps.length)) }));
  const candidates = combinations.map((named) => ({ label: formatCombination(named), combination: named }));
  const labels = candidates.map(({ label }) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice.`);
  return { inputs, candidates };
}

/** A path that exists is a model, whatever characters it holds. */
function readExpression(text: string): Combination {
  return addressExists(text) ? { steps: [{ scale: 1, plus: text, minus: null }] } : readFromUser(() => parseCombination(text));
}

async function printPlan(request: EvaluateRequest, options: ParsedOptions, io: Io): Promise<ExitCode> {
  const plan = await runJob('evaluate/plan', request, io);
  io.stdout(options.flag('json') ? `${planToJson(plan)}\n` : describeEvaluationPlan(plan));
  return plan.refusals.length > 0 ? 1 : 0;
}

/** Index of the candidate that the others are held against. */
function readReference(options: ParsedOptions, { candidates }: Pick<EvaluateRequest, 'candidates'>): number {
  const against = options.value('against');
  if (against === null) return 0;
  const written = options.positionals.indexOf(against);
  const found = written === -1 ? candidates.findIndex(({ label }) => label === against) : written;
  if (found === -1) throw new UsageError(`--against ${against} is none of the candidates: ${options.positionals.join(', ')}.`);
  return found;
}

/** By candidate, then task; null for the reference itself. */
type Differences = readonly (readonly ScoreDifference[] | null)[];

function differencesTo({ candidates }: EvaluateReport, against: number): Differences {
  const reference = candidates[against]!.scores;
  return candidates.map(({ scores }, i) => (i === against ? null : scores.map((score, task) => scoreDifference(reference[task]!, score))));
}

/** With what each window or question gave, so that other statistics can be made of it. */
function printed(report: EvaluateReport, against: number, differences: Differences): object {
  const candidates = report.candidates.map((candidate, i) => ({ ...candidate, differences: differences[i] }));
  return { ...report, against: report.candidates[against]!.label, candidates };
}

function describe(report: EvaluateReport, against: number, differences: Differences, io: Io): string {
  const { tasks, candidates, seconds, findings } = report;
  const tables = tasks.map(({ name }, task) => `${visibleText(name)}\n${taskTable(report, task, against, differences, io)}\n`);
  const broken = candidates.flatMap(({ label, nonFinite: [first] }) =>
    first === undefined ? [] : [`warning: ${visibleText(label)}: ${visibleText(first.tensor)} has values that are NaN or infinite\n`],
  );
  const found = findings.map(({ severity, message }) => `${severity}: ${visibleText(message)}\n`);
  return [...tables, `${formatSeconds(seconds)}\n`, ...broken, ...found].join('');
}

function taskTable({ tasks, candidates }: EvaluateReport, task: number, against: number, differences: Differences, io: Io): string {
  const { kind } = tasks[task]!;
  const difference = candidates.length > 1 ? [`against ${candidates[against]!.label}`] : [];
  const titles = ['model', ...scoreTitles(kind), ...difference];
  const columns = titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right', flexible: i === 0 }) as const);
  const rows = candidates.map(({ label, scores }, i) => [
    label,
    ...scoreCells(scores[task]!),
    ...difference.map(() => formatDifference(differences[i]?.[task] ?? null)),
  ]);
  return textTable(columns, rows, io.columns);
}

function formatDifference(difference: ScoreDifference | null): string {
  return difference === null ? '' : formatEstimate(difference.value, difference.standardError);
}
