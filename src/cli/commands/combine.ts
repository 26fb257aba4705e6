import { basename, dirname } from 'node:path';
import { inputsOf, parseCombination, type Combination, type RequestedInput } from '../../combine/index.js';
import { choiceOptions, writeOptions, writtenRequest } from '../combineOptions.js';
import { UsageError } from '../io.js';
import type { CommandSpec, ParsedOptions } from '../options.js';
import type { Command } from '../run.js';
import { runCombination } from '../runCombination.js';

const spec: CommandSpec = {
  name: 'combine',
  positionals: ['EXPR'],
  summary: "Write any sum of scaled models and differences: 'a + 0.3*(b - c)', '0.5*a + 0.5*b'.",
  notes: [
    'Names in EXPR are paths, or names given with --model. A plus or minus needs spaces around it; a name with spaces is quoted.',
    'Differences in parentheses are taken first, in float64; the sum is rounded once.',
  ].join('\n'),
  options: {
    model: { type: 'string', value: 'NAME=PATH', multiple: true, help: 'A short name for a model in EXPR. Repeatable.' },
    ...choiceOptions,
    ...writeOptions,
  },
};

export const combineCommand: Command = {
  spec,
  run(options, io) {
    const { combination, inputs } = nameInputs(parseCombination(options.positionals[0]!), modelPaths(options));
    return runCombination({ combination, inputs, ...writtenRequest(options) }, options, io);
  },
};

function modelPaths(options: ParsedOptions): ReadonlyMap<string, string> {
  return new Map(
    options.values('model').map((text) => {
      const at = text.indexOf('=');
      if (at < 1 || at === text.length - 1) throw new UsageError(`--model takes NAME=PATH, but got "${text}".`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** Paths of a formula become short names, so that formula, manifest and model card read well anywhere. */
export function nameInputs(
  combination: Combination,
  paths: ReadonlyMap<string, string>,
): { combination: Combination; inputs: RequestedInput[] } {
  const written = inputsOf(combination);
  const unused = [...paths.keys()].find((name) => !written.includes(name));
  if (unused !== undefined) throw new UsageError(`--model names "${unused}", which the formula does not use.`);
  const roles = new Map(written.map((name) => [name, paths.has(name) ? name : shortName(name, written)]));
  const inputs = written.map((name) => ({ role: roles.get(name)!, path: paths.get(name) ?? name, expect: 'any' as const }));
  const steps = combination.steps.map(({ scale, plus, minus }) => ({
    scale,
    plus: roles.get(plus)!,
    minus: minus === null ? null : roles.get(minus)!,
  }));
  return { combination: { steps }, inputs };
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
