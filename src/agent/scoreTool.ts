import type { EvaluateReport } from '../evaluate/report/index.js';
import type { TaskScore } from '../evaluate/report/score.js';
import { addressHelp } from './addresses.js';
import { defineTool, type AgentContext } from './agentTool.js';
import {
  candidateChoices,
  combineRequest,
  defaultCacheFolder,
  defaultSettings,
  formatCombination,
  inputsOf,
  parseCombination,
  scoreDifference,
  type Combination,
  type EvaluateRequest,
} from './engines.js';

export const scoreTool = defineTool({
  name: 'score_models',
  title: 'Score Models',
  description:
    'Scores language models, and combinations of them that are never written, on texts or questions: loss in nats per token, or accuracy, each with its standard error and its difference to the first candidate. Takes minutes for large models: begin with a small limit.',
  parameters: {
    models: { kind: 'names', help: `Short names (letters and digits) of models, each with its address: ${addressHelp}` },
    candidates: {
      kind: 'texts',
      help: 'What to score: names of models, or formulas over them with spaces around + and −, such as "target + 0.5*(finetuned - base)".',
    },
    tasks: {
      kind: 'texts',
      help: 'Files: text (*.txt), or a JSON object a line (*.jsonl) of {"prompt", "choices", "answer"} or {"prompt", "completion"}.',
    },
    limit: { kind: 'whole', min: 1, max: 100_000, otherwise: 32, help: 'Windows or questions of each task, evenly spread.' },
  },
  async run({ models, candidates, tasks, limit }, context) {
    const report = await context.request('evaluate/run', requestOf(models, candidates, tasks, limit, context));
    return {
      tasks: report.tasks.map(({ path }, task) => ({
        task: path,
        candidates: report.candidates.map((_, candidate) => rowOf(report, task, candidate)),
      })),
      broken: report.candidates.flatMap(({ label, nonFinite: [first] }) =>
        first === undefined ? [] : [`${label}: ${first.tensor} has values that are NaN or infinite`],
      ),
      findings: report.findings.map(({ severity, message }) => `${severity}: ${message}`),
      seconds: report.seconds,
    };
  },
});

function requestOf(
  models: Readonly<Record<string, string>>,
  candidates: readonly string[],
  tasks: readonly string[],
  limit: number,
  context: AgentContext,
): EvaluateRequest {
  if (candidates.length === 0) throw new Error('Name at least one candidate.');
  if (tasks.length === 0) throw new Error('Name at least one task.');
  const combinations = candidates.map((written) => readCandidate(written, models));
  const used = new Set(combinations.flatMap(inputsOf));
  const defaults = combineRequest({ combination: combinations[0]!, inputs: [], output: '' });
  return {
    inputs: [...used].map((role) => ({ role, path: context.resolve(models[role]!), expect: 'any' })),
    candidates: combinations.map((combination) => ({ label: formatCombination(combination), combination })),
    tasks: tasks.map((task) => context.resolve(task)),
    choices: candidateChoices(defaults),
    settings: { ...defaultSettings, limit, cacheFolder: defaultCacheFolder() },
  };
}

function readCandidate(written: string, models: Readonly<Record<string, string>>): Combination {
  const combination = Object.hasOwn(models, written) ? { steps: [{ scale: 1, plus: written, minus: null }] } : parseCombination(written);
  const unknown = inputsOf(combination).find((name) => !Object.hasOwn(models, name));
  if (unknown !== undefined)
    throw new Error(`"${written}" names "${unknown}", which is not among the models: ${Object.keys(models).join(', ')}.`);
  return combination;
}

function rowOf({ candidates }: EvaluateReport, task: number, candidate: number): object {
  const { label, scores } = candidates[candidate]!;
  const first = candidates[0]!.scores[task]!;
  const difference = candidate === 0 ? {} : { differenceToFirst: scoreDifference(first, scores[task]!) };
  return { candidate: label, ...numbersOf(scores[task]!), ...difference };
}

function numbersOf(score: TaskScore): object {
  switch (score.kind) {
    case 'loss':
      return {
        lossNatsPerToken: score.loss,
        standardError: score.standardError,
        perplexity: score.perplexity,
        bitsPerByte: score.bitsPerByte,
        tokens: score.tokenCount,
      };
    case 'choice':
      return {
        accuracy: score.accuracy,
        standardError: score.standardError,
        accuracyNormalised: score.accuracyNormalised,
        questions: score.itemCount,
      };
    case 'outside':
      return { value: score.value, higherIsBetter: score.higherIsBetter };
    default:
      return score satisfies never;
  }
}
