import { toolVersion } from '../base/toolVersion.js';
import { RefusedError } from '../evaluate/index.js';
import type { Command } from './command.js';
import { commands } from './commands/index.js';
import { describeCommand, describeCommands, describeGroup } from './help.js';
import { ioOf, UsageError, type ExitCode, type Io, type Terminal } from './io.js';
import { nearestName } from './nearestName.js';
import { parseOptions } from './options.js';
import { nameRemedy } from './refusals.js';
import { messageOf } from '../base/errors.js';

const helpWords = ['help', '--help', '-h'];
const versionWords = ['version', '--version', '-v', '-V'];

/** Runs the command line `argv` (without node and script). Never throws: every error is printed and becomes exit code 2. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const io = ioOf(terminal);
  const [name] = argv;
  try {
    if (name === undefined) throw new UsageError('Which command?');
    if (versionWords.includes(name)) return print(io, `${toolVersion}\n`);
    if (helpWords.includes(name)) return print(io, helpOf(argv.slice(1)));
    if (asksForHelp(argv)) return print(io, helpOf(argv));
    const { command, rest } = find(argv);
    return await command.run(parseOptions(command.spec, rest), io);
  } catch (error) {
    return fail(io, describeError(error, argv, io.signal));
  }
}

/** What follows "--" is somebody else's. */
function asksForHelp(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.some((word) => word === '--help' || word === '-h');
}

/** @throws {UsageError} naming the command that may be meant */
function find(argv: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  const found = commandOf(argv);
  if (found !== null) return found;
  const [name = '', second = ''] = argv;
  const isGroup = membersOf(name).length > 0;
  if (isGroup && (second === '' || second.startsWith('-'))) throw new UsageError(`Which command of ${name}?`);
  const written = isGroup ? `${name} ${second}` : name;
  const meant = nearestName(
    written,
    commands.map(({ spec }) => spec.name),
  );
  throw new UsageError(`There is no command "${written}".${meant === null ? '' : ` Did you mean ${meant}?`}`);
}

/** The command that the first word or two name, and what follows. */
function commandOf(argv: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } | null {
  const length = membersOf(argv[0] ?? '').length > 0 ? 2 : 1;
  const command = commands.find(({ spec }) => spec.name === argv.slice(0, length).join(' '));
  return command === undefined ? null : { command, rest: argv.slice(length) };
}

/** Commands of two words that begin with this one. */
function membersOf(name: string): readonly Command[] {
  return commands.filter(({ spec }) => spec.name.startsWith(`${name} `));
}

function helpOf(argv: readonly string[]): string {
  const [name] = argv;
  if (name === undefined) return describeCommands(commands.map(({ spec }) => spec));
  const members = membersOf(name);
  const isGroup = members.length > 0 && (argv[1] === undefined || argv[1].startsWith('-'));
  return isGroup
    ? describeGroup(
        name,
        members.map(({ spec }) => spec),
      )
    : describeCommand(find(argv).command.spec);
}

function print(io: Io, text: string): 0 {
  io.stdout(text);
  return 0;
}

function fail(io: Io, message: string): 2 {
  io.stderr(`model-rebase: ${message}\n`);
  return 2;
}

function describeError(error: unknown, argv: readonly string[], signal: AbortSignal): string {
  if (signal.aborted) return 'Cancelled.';
  if (error instanceof RefusedError) return error.refusals.map((refusal) => nameRemedy(refusal).message).join('\n');
  if (!(error instanceof UsageError)) return messageOf(error);
  return `${error.message} Run model-rebase ${helpWordsOf(argv)}--help.`;
}

function helpWordsOf(argv: readonly string[]): string {
  const name = commandOf(argv)?.command.spec.name ?? (membersOf(argv[0] ?? '').length > 0 ? argv[0] : undefined);
  return name === undefined ? '' : `${name} `;
}
