import { statSync } from 'node:fs';
import { commands, type Disposable, Uri } from 'vscode';
import type { CheckpointLibrary } from './checkpointLibrary.js';
import { checkpointEditorType } from './checkpointEditor.js';
import type { CheckpointFolderPanels } from './checkpointFolderPanels.js';
import { pickCheckpoint } from './pickCheckpoint.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathOf, type MenuTarget } from './targets.js';

async function openCheckpoint(path: string, folders: CheckpointFolderPanels): Promise<void> {
  if (statSync(path).isDirectory()) folders.show(path);
  else await commands.executeCommand('vscode.openWith', Uri.file(path), checkpointEditorType);
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
