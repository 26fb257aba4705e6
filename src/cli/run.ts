import { toolVersion } from '../combine/run/toolVersion.js';
import type { Command } from './command.js';
import { commands } from './commands/index.js';
import { describeCommand, describeCommands } from './help.js';
import { UsageError, type ExitCode, type Io } from './io.js';
import { nearestName } from './nearestName.js';
import { parseOptions } from './options.js';
import { suggestCheckpoints } from './suggestCheckpoints.js';
import { printable } from './textTable.js';

const helpWords = ['help', '--help', '-h'];
const versionWords = ['version', '--version', '-v', '-V'];

/** Runs the command line `argv` (without node and script). Never throws: every error is printed and becomes exit code 2. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = argv;
  try {
    if (name === undefined) throw new UsageError('Which command?');
    if (versionWords.includes(name)) return print(io, `${toolVersion}\n`);
    if (helpWords.includes(name)) return print(io, helpOf(rest[0]));
    if (rest.some((word) => word === '--help' || word === '-h')) return print(io, helpOf(name));
    const command = find(name);
    return await command.run(parseOptions(command.spec, rest), io);
  } catch (error) {
    return fail(io, await describeError(error, name, io.signal));
  }
}

/** @throws {UsageError} naming the command that may be meant */
function find(name: string): Command {
  const command = commands.find(({ spec }) => spec.name === name);
  if (command !== undefined) return command;
  const meant = nearestName(
    name,
    commands.map(({ spec }) => spec.name),
  );
  throw new UsageError(`There is no command "${name}".${meant === null ? '' : ` Did you mean ${meant}?`}`);
}

function helpOf(name: string | undefined): string {
  return name === undefined ? describeCommands(commands.map(({ spec }) => spec)) : describeCommand(find(name).spec);
}

function print(io: Io, text: string): 0 {
  io.stdout(text);
  return 0;
}

function fail(io: Io, message: string): 2 {
  io.stderr(`model-rebase: ${printable(message)}\n`);
  return 2;
}

async function describeError(error: unknown, name: string | undefined, signal: AbortSignal): Promise<string> {
  if (signal.aborted) return 'Cancelled.';
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof UsageError)) return `${error.message}${await suggestCheckpoints(error)}`;
  return `${error.message} Run model-rebase ${commands.some(({ spec }) => spec.name === name) ? `${name} ` : ''}--help.`;
}
