import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { messageOf } from '../../../base/errors.js';
import { lineageSuffix, type NewLineage, pathInFile, type Strategy } from '../lineageRoom.js';
import { parseCommandLine } from '../../../base/process/commandLine.js';

/** What the user has decided of a lineage that is to be made. */
export interface LineageDraft {
  readonly strategy: Strategy;
  /** Absolute paths. */
  readonly tasks: readonly string[];
  /** As one line; empty when models are trained elsewhere. */
  readonly command: string;
  /** Of the file. */
  readonly path: string;
}

/** Why a line is no fine-tuning command; null when it is one, or empty. */
export function commandProblem(line: string): string | null {
  if (line.trim() === '') return null;
  try {
    parseCommandLine(line);
  } catch (error) {
    return messageOf(error);
  }
  return line.includes('{out}') ? null : 'The command does not say where it writes: put {out} where the folder of the result belongs.';
}

/** Why a path cannot be a new lineage's; null when it can. */
export function lineagePathProblem(path: string): string | null {
  if (!isAbsolute(path)) return 'Type an absolute path.';
  if (!path.endsWith(lineageSuffix) || basename(path) === lineageSuffix) return `The name has to end in ${lineageSuffix}.`;
  return existsSync(path) ? `${basename(path)} exists already. Choose another name: nothing is overwritten.` : null;
}

/** The draft as the lineage's file will have it. How texts are cut is left to the models' context. */
export function lineageOf({ strategy, tasks, command, path }: LineageDraft): NewLineage {
  return {
    strategy,
    tasks: tasks.map((task) => pathInFile(path, task)),
    command: command.trim() === '' ? null : parseCommandLine(command),
    scoring: { window: null, stride: null, limit: null },
  };
}
