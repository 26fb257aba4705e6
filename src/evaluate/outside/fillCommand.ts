import type { OutsideCommand } from '../request.js';
import { requireProgram, type CommandPlace } from '../../base/process/findProgram.js';
import { OutsideCommandError } from '../../base/process/outsideCommandError.js';
import { parseValuePath } from './valuePath.js';

/** What the placeholders of a command stand for. */
export interface CommandFiles {
  readonly model: string;
  readonly output: string;
}

/** The arguments with every `{model}` and `{output}` replaced, also inside of an argument: `pretrained={model}`. */
export function fillCommand(command: readonly string[], files: CommandFiles): string[] {
  return fillPlaceholders(command, { ...files });
}

/** The arguments with every `{name}` that `values` knows replaced; other braces stay. */
export function fillPlaceholders(command: readonly string[], values: Readonly<Record<string, string>>): string[] {
  return command.map((argument) =>
    argument.replace(/\{(\w+)\}/g, (written, name: string) => (Object.hasOwn(values, name) ? values[name]! : written)),
  );
}

/** Whether the command is told of a file for its result. */
export function writesOutput(command: readonly string[]): boolean {
  return command.some((argument) => argument.includes('{output}'));
}

/** Checks all of a command that can be known before a model is written. @throws OutsideCommandError */
export async function checkOutsideCommand({ command, value, timeoutSeconds }: OutsideCommand, place: CommandPlace): Promise<void> {
  const [program = ''] = command;
  if (program === '') throw new OutsideCommandError('The command is empty. Give a program and its arguments.');
  if (!command.some((argument) => argument.includes('{model}')))
    throw new OutsideCommandError(
      `The command ${program} does not name {model}, so every model would get the same score. Put {model} where the checkpoint's folder belongs, such as --model_args pretrained={model}.`,
    );
  if (timeoutSeconds !== null && !(timeoutSeconds > 0))
    throw new OutsideCommandError(`The command may take ${timeoutSeconds} seconds. Allow it more than 0, or do not limit it.`);
  parseValuePath(value);
  if (!/\{(model|output)\}/.test(program)) await requireProgram(program, place);
}
