import { commands, type Disposable, Uri } from 'vscode';
import { isFileAddress } from '../../checkpoint/index.js';
import type { CheckpointLibrary } from './checkpointLibrary.js';
import { checkpointEditorType } from './checkpointEditor.js';
import type { CheckpointFolderPanels } from './checkpointFolderPanels.js';
import { pickCheckpoint } from './pickCheckpoint.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathOf, type MenuTarget } from './targets.js';

async function openCheckpoint(path: string, folders: CheckpointFolderPanels): Promise<void> {
  if (isFileAddress(path)) await commands.executeCommand('vscode.openWith', Uri.file(path), checkpointEditorType);
  else folders.show(path);
}

/** Opens a checkpoint's panel: a file's is its editor, a folder has a panel of its own. */
export function registerOpenCommands(library: CheckpointLibrary, folders: CheckpointFolderPanels): Disposable[] {
  return [
    registerCommand('openCheckpoint', async (target?: MenuTarget) => {
      const path =
        target === undefined ? await pickCheckpoint(library, 'Open Checkpoint', 'The model to look into') : checkpointPathOf(target);
      if (path !== undefined) await openCheckpoint(path, folders);
    }),
  ];
}
