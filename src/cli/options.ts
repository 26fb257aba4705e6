import { parseArgs } from 'node:util';
import { UsageError } from './io.js';

/** One option of a command: the single source of parsing and help. */
export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  /** Placeholder in the help, for options with a value. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  /** Placeholders of the positional arguments, all required. */
  readonly positionals: readonly string[];
  readonly summary: string;
  /** Paragraphs after the options. */
  readonly notes?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
}

/** Parsed values: accessors instead of a loose record, so that a misspelt option is a programming error that shows. */
export interface ParsedOptions {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | null;
  values(name: string): readonly string[];
  /** A whole number from `minimum` to `maximum`, or null when not given. */
  wholeNumber(name: string, minimum: number, maximum?: number): number | null;
  /** One of `choices`, or the first of them when not given. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice;
}

/** @throws {UsageError} for unknown options, missing values and a wrong number of positional arguments */
export function parseOptions(spec: CommandSpec, argv: readonly string[]): ParsedOptions {
  const { values, positionals } = parse(spec, argv);
  if (positionals.length !== spec.positionals.length) {
    throw new UsageError(`${spec.name} takes ${spec.positionals.join(' ') || 'no arguments'}, but got ${positionals.length} argument(s).`);
  }
  const texts = (name: string) => [values[name] ?? []].flat().filter((value) => typeof value === 'string');
  return {
    positionals,
    flag: (name) => values[name] === true,
    value: (name) => texts(name).at(-1) ?? null,
    values: texts,
    wholeNumber: (name, minimum, maximum) => wholeNumber(name, texts(name).at(-1) ?? null, minimum, maximum),
    choice: (name, choices) => oneOf(name, texts(name).at(-1) ?? choices[0], choices),
  };
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

function parse(spec: CommandSpec, argv: readonly string[]): { values: Values; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(spec.options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  );
  try {
    return parseArgs({ args: [...argv], options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | null, minimum: number, maximum = Infinity): number | null {
  if (text === null) return null;
  const number = Number(text);
  if (Number.isInteger(number) && number >= minimum && number <= maximum && text.trim() !== '') return number;
  const range = maximum === Infinity ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new UsageError(`--${name} takes a whole number ${range}, but got "${text}".`);
}

function oneOf<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${name} takes one of ${choices.join(', ')}, but got "${text}".`);
  return choice;
}

/** Worker threads that a user may ask for, as in the setting `modelRebase.workers`. */
export const mostWorkers = 256;

/** The `--help` text of one command. */
export function describeCommand(spec: CommandSpec): string {
  const options: [string, string][] = Object.entries(spec.options).map(([name, { value, help }]) => [
    `--${name}${value ? ` ${value}` : ''}`,
    help,
  ]);
  options.push(['--help', 'Show this text.']);
  const width = Math.max(...options.map(([left]) => left.length));
  const lines = options.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  const usage = ['model-rebase', spec.name, ...spec.positionals, '[options]'].join(' ');
  return [`${spec.summary}\n`, `Usage: ${usage}\n`, 'Options:', ...lines, ...(spec.notes ? ['', spec.notes] : []), ''].join('\n');
}
