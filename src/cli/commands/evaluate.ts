import { addressExists } from '../../checkpoint/index.js';
import { formatCombination, parseCombination, type Combination } from '../../combine/index.js';
import { toJson } from '../../base/json/toJson.js';
import { scoreCells, scoreTitles } from '../../connectivity/index.js';
import type { EvaluateReport, EvaluateRequest } from '../../evaluate/index.js';
import { readFromUser, UsageError, type ExitCode, type Io } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import { modelOption, modelPaths, nameInputs, requireExisting } from '../modelNames.js';
import type { ParsedOptions } from '../options.js';
import { describeEvaluationPlan, planToJson } from '../planText.js';
import { withoutItems } from '../runJson.js';
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
  notes: 'EXPR is the path of a model, or a formula as in combine. Give as many as you like: each weight is read once for all of them.',
  options: { ...modelOption, ...scoringOptions },
};

export const evaluateCommand: Command = {
  spec,
  async run(options, io) {
    const request = { ...readModels(options), ...readScoring(options) };
    if (options.flag('plan')) return printPlan(request, options, io);
    const report = await runJob('evaluate/run', request, io);
    io.stdout(options.flag('json') ? `${toJson(printed(report))}\n` : describe(report, io));
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

function printed(report: EvaluateReport): object {
  const candidates = report.candidates.map((candidate) => ({ ...candidate, scores: candidate.scores.map(withoutItems) }));
  return { ...report, candidates };
}

function describe({ tasks, candidates, seconds, findings }: EvaluateReport, io: Io): string {
  const tables = tasks.map(({ name, kind }, task) => {
    const columns = ['model', ...scoreTitles(kind)].map(
      (title, i) => ({ title, align: i === 0 ? 'left' : 'right', flexible: i === 0 }) as const,
    );
    const rows = candidates.map(({ label, scores }) => [label, ...scoreCells(scores[task]!)]);
    return `${visibleText(name)}\n${textTable(columns, rows, io.columns)}\n`;
  });
  const broken = candidates.flatMap(({ label, nonFinite: [first] }) =>
    first === undefined ? [] : [`warning: ${visibleText(label)}: ${visibleText(first.tensor)} has values that are NaN or infinite\n`],
  );
  const found = findings.map(({ severity, message }) => `${severity}: ${visibleText(message)}\n`);
  return [...tables, `${formatSeconds(seconds)}\n`, ...broken, ...found].join('');
}
