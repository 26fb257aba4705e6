import { parseArgs } from 'node:util';
import type { CommandSpec, OptionSpec } from './commandSpec.js';
import { UsageError } from './io.js';
import { nearestName } from './nearestName.js';

export interface Arguments {
  readonly positionals: readonly string[];
  /** What was given for each option, in order: a text, or true for one without a value. */
  readonly values: ReadonlyMap<string, readonly (string | true)[]>;
}

/** An option as it stands in the command line. */
interface WrittenOption {
  readonly name: string;
  readonly index: number;
  readonly value?: string | undefined;
  /** Whether name and value are one argument: `--scale=-1`. */
  readonly inlineValue?: boolean | undefined;
}

/** Splits a command line by what the command takes. @throws {UsageError} for unknown options, missing and superfluous values */
export function readArguments(spec: CommandSpec, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(Object.entries(spec.options).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const values = new Map<string, (string | true)[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') values.set(token.name, [...(values.get(token.name) ?? []), readOption(spec, argv, token)]);
  }
  return { positionals, values };
}

function readOption(spec: CommandSpec, argv: readonly string[], written: WrittenOption): string | true {
  const text = argv[written.index]!;
  const option = text.startsWith('--') && Object.hasOwn(spec.options, written.name) ? spec.options[written.name] : undefined;
  if (option === undefined) throw unknownOption(spec, text);
  if (option.type === 'string') return readValue(option, written);
  if (written.value === undefined) return true;
  throw new UsageError(`--${written.name} takes no value, but got "${written.value}".`);
}

function readValue({ value: placeholder = 'VALUE' }: OptionSpec, { name, value, inlineValue }: WrittenOption): string {
  if (value === undefined || value === '') throw new UsageError(`--${name} needs a value: --${name} ${placeholder}.`);
  if (inlineValue || value === '-' || !value.startsWith('-')) return value;
  throw new UsageError(
    `--${name} needs a value, but "${value}" follows, which looks like an option. If it is the value: --${name}=${value}.`,
  );
}

function unknownOption({ name: command, options }: CommandSpec, text: string): UsageError {
  if (!text.startsWith('--'))
    return new UsageError(`${command} has no option "${text}". What is no option and starts with "-" goes last, after "--".`);
  const [written = ''] = text.slice(2).split('=');
  const meant = nearestName(written, Object.keys(options));
  return new UsageError(`${command} has no option --${written}.${meant === null ? '' : ` Did you mean --${meant}?`}`);
}
