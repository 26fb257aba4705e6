import { basename, dirname, resolve } from 'node:path';
import { addressExists, titleOf } from '../checkpoint/index.js';
import { inputsOf, type Combination, type RequestedInput } from '../combine/index.js';
import type { OptionSpec } from './command.js';
import { UsageError } from './io.js';
import type { ParsedOptions } from './options.js';

export const modelOption = {
  model: { type: 'string', value: 'NAME=PATH', multiple: true, help: 'A short name for a model in EXPR. Repeatable.' },
} as const satisfies Record<string, OptionSpec>;

/** What `--model` names. @throws UsageError */
export function modelPaths(options: ParsedOptions): ReadonlyMap<string, string> {
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

const operator = /[+\u2212-]/u;
const spacing = 'A plus or minus that joins models needs spaces around it.';

/** A formula without spaces is one long name, which is no path. @throws UsageError */
export function requireExisting(path: string): void {
  if (operator.test(path) && !addressExists(path)) throw new UsageError(`${path}: no such file or folder. ${spacing}`);
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

/** The title of a model where that is unique among the names, else with its folder, else the whole address. */
function shortName(path: string, others: readonly string[]): string {
  const lastTwo = (name: string): string => `${basename(dirname(resolve(name)))}/${titleOf(name)}`;
  const isUnique = (shorten: (name: string) => string): boolean =>
    shorten(path) !== '' && others.every((other) => other === path || (shorten(other) !== shorten(path) && other !== shorten(path)));
  if (isUnique(titleOf)) return titleOf(path);
  return isUnique(lastTwo) ? lastTwo(path) : path;
}
