import { isDeepStrictEqual } from 'node:util';
import type { Memento } from 'vscode';
import { formatCommandLine } from '../../base/process/commandLine.js';
import { showWarningMessage } from '../kit/notices.js';
import type { OutsideCommand } from './connectivityRoom.js';
import { readOwnCommand } from './scoringSettings.js';

const allowedKey = 'modelRebase.allowedCommands';

/** A command came with the workspace, and the user does not want it to run. */
export class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
}

/**
 * Asks once per workspace before a command runs that is not the user's own, but came with the workspace's settings: whoever
 * changes those files would run what they like. Another command, also another argument, is asked about anew.
 */
export class CommandConsent {
  /** @param memory of the workspace */
  constructor(private readonly memory: Memento) {}

  /** @throws CommandRefusedError */
  async require(command: OutsideCommand): Promise<void> {
    if (isDeepStrictEqual(command, readOwnCommand()) || this.allowed.includes(command.command.join('\0'))) return;
    const run = { title: 'Run Command' };
    const detail = `${formatCommandLine(command.command)}\n\nIt runs on this machine with your rights, once for each model. You are asked once for this command in this workspace.`;
    const choice = await showWarningMessage('Run the command that this workspace’s settings bring?', { modal: true, detail }, run);
    if (choice !== run)
      throw new CommandRefusedError('Nothing was scored: the command of this workspace’s settings was not allowed to run.');
    await this.memory.update(allowedKey, [...this.allowed, command.command.join('\0')]);
  }

  private get allowed(): readonly string[] {
    return this.memory.get<readonly string[]>(allowedKey, []);
  }
}
