import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { inputsOf, parseCombination, type Combination, type RequestedInput } from '../../combine/index.js';
import { choiceOptions, outputOptions, writtenRequest } from '../combineOptions.js';
import { readFromUser, UsageError } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import type { ParsedOptions } from '../options.js';
import { runCombination } from '../runCombination.js';

const spec: CommandSpec = {
  name: 'combine',
  positionals: ['EXPR'],
  required: '--out DIR',
  summary: "Write any sum of scaled models and differences: 'a + 0.3*(b - c)', '0.5*a + 0.5*b'.",
  notes: [
    'Names in EXPR are paths, or names given with --model. A plus or minus needs spaces around it; a name with spaces is quoted.',
    'Differences in parentheses are taken first, in float64; the sum is rounded once.',
  ].join('\n'),
  options: {
    model: { type: 'string', value: 'NAME=PATH', multiple: true, help: 'A short name for a model in EXPR. Repeatable.' },
    ...choiceOptions("the first model's"),
    'chat-template': {
      type: 'string',
      value: 'added|first',
      help: 'Whose chat template, special tokens and generation settings: of the first model that is added to it (default), or its own.',
    },
    ...outputOptions({
      template: 'the first model',
      dtype: 'as the first model does; F32 for a difference',
      mismatched: "Keep the first model's tensor where shapes or architectures differ, instead of refusing.",
    }),
  },
};

export const combineCommand: Command = {
  spec,
  run(options, io) {
    const formula = readFromUser(() => parseCombination(options.positionals[0]!));
    const { combination, inputs } = nameInputs(formula, modelPaths(options));
    for (const { path } of inputs) requireExisting(path);
    const chatFrom = options.choice('chat-template', ['added', 'first']) === 'added' ? 'finetuned' : 'target';
    return runCombination({ combination, inputs, ...writtenRequest(options, chatFrom) }, options, io);
  },
};

function modelPaths(options: ParsedOptions): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const text of options.values('model')) {
    const at = text.indexOf('=');
    if (at < 1 || at === text.length - 1) throw new UsageError(`--model takes NAME=PATH, but got "${text}".`);
    const name = text.slice(0, at);
    if (paths.has(name)) throw new UsageError(`--model names "${name}" twice: ${paths.get(name)!} and ${text.slice(at + 1)}.`);
    paths.set(name, text.slice(at + 1));
  }
  return paths;
}

const operator = /[+−-]/u;
const spacing = 'A plus or minus that joins models needs spaces around it.';

/** A formula without spaces is one long name, which is no path. */
function requireExisting(path: string): void {
  if (operator.test(path) && !existsSync(path)) throw new UsageError(`${path}: no such file or folder. ${spacing}`);
}

/** Paths of a formula become short names, so that formula, manifest and model card read well anywhere. */
export function nameInputs(
  combination: Combination,
  paths: ReadonlyMap<string, string>,
): { combination: Combination; inputs: RequestedInput[] } {
  const written = inputsOf(combination);
  const unused = [...paths.keys()].find((name) => !written.includes(name));
  if (unused !== undefined) throw new UsageError(describeUnused(unused, written));
  const roles = new Map(written.map((name) => [name, paths.has(name) ? name : shortName(name, written)]));
  const inputs = written.map((name) => ({ role: roles.get(name)!, path: paths.get(name) ?? name, expect: 'any' as const }));
  const steps = combination.steps.map(({ scale, plus, minus }) => ({
    scale,
    plus: roles.get(plus)!,
    minus: minus === null ? null : roles.get(minus)!,
  }));
  return { combination: { steps }, inputs };
}

function describeUnused(name: string, written: readonly string[]): string {
  const list = written.map((other) => `"${other}"`).join(', ');
  const isJoined = written.some((other) => other.includes(name) && operator.test(other));
  return `--model names "${name}", which the formula does not use: its names are ${list}.${isJoined ? ` ${spacing}` : ''}`;
}

/** The last part of a path where that is unique among the names, else the last two, else the whole. */
function shortName(path: string, others: readonly string[]): string {
  const last = (name: string): string => basename(name, '.safetensors');
  const lastTwo = (name: string): string => `${basename(dirname(name))}/${last(name)}`;
  const isUnique = (shorten: (name: string) => string): boolean =>
    shorten(path) !== '' && others.every((other) => other === path || (shorten(other) !== shorten(path) && other !== shorten(path)));
  if (isUnique(last)) return last(path);
  return isUnique(lastTwo) ? lastTwo(path) : path;
}
