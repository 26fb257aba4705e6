import { commands, type Disposable, env, type TextDocumentShowOptions, Uri, window } from 'vscode';
import { isFileAddress } from '../../checkpoint/index.js';
import { checkpointEditorType } from './checkpointEditor.js';
import type { CheckpointFolderPanels } from './checkpointFolderPanels.js';
import type { CheckpointLibrary } from './checkpointLibrary.js';
import type { ModelVersionsView } from './modelVersionsView.js';
import { fullNameOf, type ModelNode, pathOf } from './nodes.js';
import { pickCheckpoint } from './pickCheckpoint.js';
import { pickPart } from './pickPart.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathOf, type MenuTarget, revealAddress } from './targets.js';
import type { TensorFinder } from './tensorFinder.js';

async function askForFilter(view: ModelVersionsView): Promise<void> {
  const text = await window.showInputBox({
    title: 'Filter Model Versions',
    prompt: 'Shows checkpoints and tensors whose name holds every word',
    placeHolder: 'q_proj weight',
    value: view.provider.filter,
  });
  if (text !== undefined) view.setFilter(text);
}

/** A preview gives way to the next one, and leaves the focus where it is. */
type OpenMode = 'preview' | 'keep';

/** A file's panel is its editor, a folder has one of its own. */
async function openCheckpoint(path: string, mode: OpenMode, folders: CheckpointFolderPanels): Promise<void> {
  const isPreview = mode === 'preview';
  const options: TextDocumentShowOptions = { preview: isPreview, preserveFocus: isPreview };
  if (isFileAddress(path)) await commands.executeCommand('vscode.openWith', Uri.file(path), checkpointEditorType, options);
  else if (isPreview) folders.preview(path);
  else folders.show(path);
}

/** Commands of the Model Versions view itself and of its nodes. */
export function registerViewCommands(
  view: ModelVersionsView,
  library: CheckpointLibrary,
  folders: CheckpointFolderPanels,
  finder: TensorFinder,
): Disposable[] {
  return [
    registerCommand(
      'openCheckpoint',
      async (target?: MenuTarget, _selected?: readonly MenuTarget[], mode: OpenMode = 'keep', tensor?: string) => {
        const path =
          target === undefined ? await pickCheckpoint(library, 'Open Checkpoint', 'The model to look into') : checkpointPathOf(target);
        const part = path === undefined ? undefined : await pickPart(path);
        if (part === undefined) return;
        if (tensor !== undefined) finder.ask(part, tensor);
        await openCheckpoint(part, mode, folders);
      },
    ),
    registerCommand('refresh', () => view.refresh()),
    registerCommand('filter', () => askForFilter(view)),
    registerCommand('clearFilter', () => view.setFilter('')),
    registerCommand('copyName', (node: ModelNode) => env.clipboard.writeText(fullNameOf(node))),
    registerCommand('copyPath', (node: ModelNode) => env.clipboard.writeText(pathOf(node))),
    registerCommand('revealInExplorer', (node: ModelNode) => revealAddress(pathOf(node))),
  ];
}
