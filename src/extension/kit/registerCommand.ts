import { commands, type Disposable } from 'vscode';
import type { CommandName } from '../commands.js';
import { messageOf } from '../../base/errors.js';
import { showErrorMessage } from './notices.js';

/** Registers `modelRebase.<name>`, a command of `commands.ts`. What it throws is shown to the user as a message. */
export function registerCommand(name: CommandName, run: (...args: never[]) => unknown): Disposable {
  return commands.registerCommand(`modelRebase.${name}`, async (...args: unknown[]) => {
    try {
      return await run(...(args as never[]));
    } catch (error) {
      void showErrorMessage(messageOf(error));
      return undefined;
    }
  });
}
