import { combineCommand } from './commands/combine.js';
import { deltaCommand } from './commands/delta.js';
import { diffCommand } from './commands/diff.js';
import { inspectCommand } from './commands/inspect.js';
import { transferCommand } from './commands/transfer.js';
import { verifyCommand } from './commands/verify.js';
import { UsageError, type ExitCode, type Io } from './io.js';
import { describeCommand, parseOptions, type CommandSpec, type ParsedOptions } from './options.js';
import { printable } from './textTable.js';

/** A command of the CLI: its description and what it does. */
export interface Command {
  readonly spec: CommandSpec;
  run(options: ParsedOptions, io: Io): Promise<ExitCode>;
}

const commands: readonly Command[] = [inspectCommand, diffCommand, transferCommand, deltaCommand, combineCommand, verifyCommand];

/** Runs the command line `argv` (without node and script). Never throws: every error is printed and becomes exit code 2. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined) return fail(io, 'Which command? Run model-rebase --help.');
  if (name === 'help' || name === '--help' || name === '-h') {
    io.stdout(overview());
    return 0;
  }
  const command = commands.find(({ spec }) => spec.name === name);
  if (!command) return fail(io, `There is no command "${name}". Run model-rebase --help.`);
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout(describeCommand(command.spec));
    return 0;
  }
  try {
    return await command.run(parseOptions(command.spec, rest), io);
  } catch (error) {
    if (io.signal.aborted) return fail(io, 'Cancelled.');
    if (error instanceof UsageError) return fail(io, `${error.message} Run model-rebase ${name} --help.`);
    return fail(io, error instanceof Error ? error.message : String(error));
  }
}

function fail(io: Io, message: string): 2 {
  io.stderr(`model-rebase: ${printable(message)}\n`);
  return 2;
}

function overview(): string {
  const width = Math.max(...commands.map(({ spec }) => spec.name.length));
  const lines = commands.map(({ spec }) => `  ${spec.name.padEnd(width)}  ${spec.summary}`);
  return [
    'Model Rebase: inspect, diff and combine versions of language models.\n',
    'Usage: model-rebase COMMAND [options]\n',
    'Commands:',
    ...lines,
    '\nmodel-rebase COMMAND --help describes one. Results go to stdout, progress and errors to stderr.',
    'Exit code 0: done. 1: a check failed. 2: error.\n',
  ].join('\n');
}
