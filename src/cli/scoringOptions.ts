import { resolve } from 'node:path';
import type { Scoring } from '../connectivity/index.js';
import { defaultSettings, type OutsideCommand } from '../evaluate/index.js';
import { defaultCacheFolder } from '../evaluate/cache/index.js';
import { parseValuePath } from '../evaluate/outside/index.js';
import { bosChoices } from '../model/tokenizer/index.js';
import { parseByteSize } from './byteSize.js';
import { candidateChoices, choiceOptions, matchingOptions, settingsOption, sumWords } from './combineOptions.js';
import type { OptionSpec } from './command.js';
import { readFromUser, UsageError } from './io.js';
import { mostWorkers, type ParsedOptions } from './options.js';
import { parseCommandLine } from '../base/process/commandLine.js';

/** Options of every command that scores models. */
export const scoringOptions = {
  task: {
    type: 'string',
    value: 'FILE',
    multiple: true,
    help: 'Text (*.txt), or a JSON object per line (*.jsonl): questions {"prompt", "choices", "answer": 0} or completions {"prompt", "completion"}. Repeatable.',
  },
  window: { type: 'string', value: 'N', help: 'Tokens per window of text (default: the context length, at most 512).' },
  stride: {
    type: 'string',
    value: 'N',
    help: 'New tokens per window; fewer than the window re-read what came before (default: no overlap).',
  },
  limit: { type: 'string', value: 'N', help: 'At most so many windows or items of each task, evenly spread.' },
  precision: { type: 'string', value: 'stored|f32', help: 'Round weights as the saved checkpoint would have them (default), or not.' },
  bos: {
    type: 'string',
    value: 'auto|always|never',
    help: 'Begin texts with BOS: as transformers does for the checkpoint (auto, default), always, or never.',
  },
  provider: { type: 'string', value: 'cpu|webgpu', help: 'Where models run (default cpu).' },
  threads: { type: 'string', value: 'N', help: 'Threads for arithmetic (default: one per processor).' },
  memory: {
    type: 'string',
    value: 'SIZE',
    help: 'Most bytes for hidden states; longer texts take more passes, and results are kept pass by pass (default: a quarter of the memory).',
  },
  command: { type: 'string', value: 'COMMAND', help: "Also score with a command of your own, given each model's folder as {model}." },
  value: {
    type: 'string',
    value: 'PATH',
    help: 'Where the number is in the JSON that the command prints: results.gsm8k.exact_match (default: it prints a plain number).',
  },
  'lower-is-better': { type: 'boolean', help: "The command's number is better when it is lower." },
  timeout: { type: 'string', value: 'SECONDS', help: 'Longest time that the command may take for one model.' },
  cache: { type: 'string', value: 'DIR', help: "Keep results here (default: the user's cache folder)." },
  'no-cache': { type: 'boolean', help: 'Keep no results, and use none.' },
  ...choiceOptions("the first model's"),
  ...settingsOption(sumWords),
  ...matchingOptions({
    template: 'the first model',
    mismatched: "Keep the first model's tensor where shapes differ, instead of refusing.",
  }),
  plan: { type: 'boolean', help: 'Print what it will cost and score nothing. Exit code 1 when the plan is refused.' },
  json: { type: 'boolean', help: 'Print the plan or the result as JSON.' },
} as const satisfies Record<string, OptionSpec>;

/** What the options say of tasks, settings and choices. @throws UsageError */
export function readScoring(options: ParsedOptions, knownTasks: readonly string[] = []): Scoring {
  const given = options.values('task').map((path) => resolve(path));
  const tasks = [...new Set([...knownTasks, ...given])];
  const outside = outsideCommand(options);
  if (tasks.length === 0 && outside === undefined)
    throw new UsageError('--task is missing: a text or a file of questions to score the models on.');
  return { tasks, outside, choices: candidateChoices(options), settings: readSettings(options) };
}

function readSettings(options: ParsedOptions): Scoring['settings'] {
  return {
    ...defaultSettings,
    window: options.wholeNumber('window', 2),
    stride: options.wholeNumber('stride', 1),
    limit: options.wholeNumber('limit', 1),
    precision: options.choice('precision', ['stored', 'f32']),
    bos: options.choice('bos', bosChoices),
    memoryBudget: parseByteSize('memory', options.value('memory')),
    provider: options.choice('provider', ['cpu', 'webgpu']),
    threads: options.wholeNumber('threads', 1, mostWorkers),
    cacheFolder: cacheFolder(options),
  };
}

/** Where results are kept; null for nowhere. @throws UsageError */
export function cacheFolder(options: ParsedOptions): string | null {
  const folder = options.value('cache');
  if (!options.flag('no-cache')) return folder === null ? defaultCacheFolder() : resolve(folder);
  if (folder !== null) throw new UsageError('--cache and --no-cache contradict each other: give either.');
  return null;
}

function outsideCommand(options: ParsedOptions): OutsideCommand | undefined {
  const command = options.value('command');
  const timeoutSeconds = options.wholeNumber('timeout', 1);
  if (command === null) {
    const idle = ['value', 'timeout', 'lower-is-better'].find((name) => options.flag(name));
    if (idle !== undefined) throw new UsageError(`--${idle} belongs to --command, which is missing.`);
    return undefined;
  }
  const value = options.value('value') ?? '';
  readFromUser(() => parseValuePath(value));
  return {
    command: readFromUser(() => parseCommandLine(command)),
    value,
    higherIsBetter: !options.flag('lower-is-better'),
    timeoutSeconds,
  };
}
