import type { CommandSpec } from './command.js';
import { maxOf } from '../base/extremes.js';

/** The `--help` text of one command. */
export function describeCommand(spec: CommandSpec): string {
  const options: [string, string][] = Object.entries(spec.options).map(([name, { value, help }]) => [
    `--${name}${value ? ` ${value}` : ''}`,
    help,
  ]);
  options.push(['--help', 'Show this text.']);
  const width = maxOf(options.map(([left]) => left.length));
  const lines = options.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  return [`${spec.summary}\n`, `Usage: ${usageOf(spec)}\n`, 'Options:', ...lines, ...(spec.notes ? ['', spec.notes] : []), ''].join('\n');
}

function usageOf({ name, positionals, isRepeatable, required, trailing }: CommandSpec): string {
  const repeated = isRepeatable ? ['…'] : [];
  const last = trailing === undefined ? [] : [`[-- ${trailing}]`];
  return ['model-rebase', name, ...positionals, ...repeated, ...(required ? [required] : []), '[options]', ...last].join(' ');
}

/** The help text of the whole. */
export function describeCommands(specs: readonly CommandSpec[]): string {
  const width = maxOf(specs.map(({ name }) => name.length));
  const lines = specs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Model Rebase: inspect, diff, combine and evaluate versions of language models.\n',
    'Usage: model-rebase COMMAND [options]\n',
    'Commands:',
    ...lines,
    '\nmodel-rebase help COMMAND (or COMMAND --help) describes one, model-rebase --version tells the version.',
    'Results go to stdout, progress and errors to stderr.',
    'Exit code 0: done. 1: a check failed. 2: error. 3: a check could not be decided.\n',
  ].join('\n');
}

/** The help text of commands that share their first word. */
export function describeGroup(name: string, specs: readonly CommandSpec[]): string {
  const width = maxOf(specs.map((spec) => spec.name.length));
  const lines = specs.map((spec) => `  ${spec.name.padEnd(width)}  ${spec.summary}`);
  return [
    `Usage: model-rebase ${name} COMMAND [options]\n`,
    'Commands:',
    ...lines,
    `\nmodel-rebase ${name} COMMAND --help describes one.\n`,
  ].join('\n');
}
