import type { CommandSpec } from './commandSpec.js';
import { UsageError } from './io.js';
import { readArguments } from './readArguments.js';

/** Parsed values: accessors instead of a loose record, so that a misspelt option is a programming error that shows. */
export interface ParsedOptions {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | null;
  values(name: string): readonly string[];
  /** The value of an option that has to be given. */
  required(name: string): string;
  /** A whole number from `minimum` to `maximum`, or null when not given. */
  wholeNumber(name: string, minimum: number, maximum?: number): number | null;
  /** A number, or null when not given. */
  decimal(name: string): number | null;
  /** One of `choices`, or the first of them when not given. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice;
}

/** @throws {UsageError} for unknown options, missing values and a wrong number of positional arguments; so do the accessors */
export function parseOptions(spec: CommandSpec, argv: readonly string[]): ParsedOptions {
  const { values, positionals } = readArguments(spec, argv);
  const isFit =
    spec.isRepeatable || spec.trailing !== undefined
      ? positionals.length >= spec.positionals.length
      : positionals.length === spec.positionals.length;
  if (!isFit) {
    throw new UsageError(`${spec.name} takes ${spec.positionals.join(' ') || 'no arguments'}, but got ${positionals.length} argument(s).`);
  }
  const empty = positionals.includes('') ? (spec.positionals[positionals.indexOf('')] ?? spec.positionals.at(-1)) : undefined;
  if (empty !== undefined) throw new UsageError(`${empty} is empty.`);
  const texts = (name: string): string[] => (values.get(name) ?? []).filter((value) => value !== true);
  return {
    positionals,
    flag: (name) => values.has(name),
    value: (name) => texts(name).at(-1) ?? null,
    values: texts,
    required: (name) => required(name, texts(name).at(-1) ?? null),
    wholeNumber: (name, minimum, maximum) => wholeNumber(name, texts(name).at(-1) ?? null, minimum, maximum),
    decimal: (name) => decimal(name, texts(name).at(-1) ?? null),
    choice: (name, choices) => oneOf(name, texts(name).at(-1) ?? choices[0], choices),
  };
}

function required(name: string, text: string | null): string {
  if (text === null) throw new UsageError(`--${name} is missing.`);
  return text;
}

function wholeNumber(name: string, text: string | null, minimum: number, maximum = Infinity): number | null {
  if (text === null) return null;
  const number = Number(text);
  if (Number.isInteger(number) && number >= minimum && number <= maximum && text.trim() !== '') return number;
  const range = maximum === Infinity ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new UsageError(`--${name} takes a whole number ${range}, but got "${text}".`);
}

function decimal(name: string, text: string | null): number | null {
  if (text === null) return null;
  const number = Number(text.replace(/^\u2212/u, '-'));
  if (Number.isFinite(number) && text.trim() !== '') return number;
  throw new UsageError(`--${name} takes a number, but got "${text}".`);
}

function oneOf<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${name} takes one of ${choices.join(', ')}, but got "${text}".`);
  return choice;
}

/** Worker threads that a user may ask for, as in the setting `modelRebase.workers`. */
export const mostWorkers = 256;
