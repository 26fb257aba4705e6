import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { OutsideCommandError } from './outsideCommandError.js';

/** Where a command is run. */
export interface CommandPlace {
  /** Variables added to those of this process, or in their place. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Folder the command starts in; by default that of this process. */
  readonly workingFolder?: string | undefined;
}

/** Endings of programs that Windows starts without a shell. */
const endings = process.platform === 'win32' ? ['', '.exe', '.com'] : [''];

/** All variables that a command gets. */
export function environmentOf({ environment }: CommandPlace): NodeJS.ProcessEnv {
  return { ...process.env, ...environment };
}

/** Makes sure of a program before hours of work that end in it. @throws OutsideCommandError when it cannot be run */
export async function requireProgram(program: string, place: CommandPlace): Promise<void> {
  const folder = resolve(place.workingFolder ?? '.');
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new OutsideCommandError(`The command cannot start in ${folder}: there is no such folder. Choose another one.`);
  for (const candidate of candidates(program, folder, place)) if (await isProgram(candidate)) return;
  throw notFound(program);
}

function candidates(program: string, folder: string, place: CommandPlace): string[] {
  const isPath = /[/\\]/.test(program);
  const search = isPath ? [folder] : searchPath(environmentOf(place)).map((entry) => resolve(folder, entry));
  return search.flatMap((entry) => endings.map((ending) => (isPath ? resolve(entry, program) : join(entry, program)) + ending));
}

/** Windows writes the variable's name as it likes; of several, the first by name counts. */
function searchPath(environment: NodeJS.ProcessEnv): string[] {
  const isWindows = process.platform === 'win32';
  const names = Object.keys(environment).sort();
  const name = names.find((candidate) => (isWindows ? candidate.toUpperCase() : candidate) === 'PATH');
  return (name === undefined ? '' : environment[name]!).split(delimiter);
}

async function isProgram(path: string): Promise<boolean> {
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false;
  return (
    isFile &&
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
  );
}

/** The error for a program that is not there. */
export function notFound(program: string, cause?: unknown): OutsideCommandError {
  return new OutsideCommandError(
    `The program ${program} was not found, or may not be executed. Install it, give its full path, or start from an environment (such as a Python venv) that has it.`,
    { cause },
  );
}
