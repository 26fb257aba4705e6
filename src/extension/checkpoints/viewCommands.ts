import { commands, type Disposable, env, Uri, window } from 'vscode';
import type { ModelVersionsView } from './modelVersionsView.js';
import { fullNameOf, type ModelNode, pathOf } from './nodes.js';
import { registerCommand } from '../kit/registerCommand.js';

async function askForFilter(view: ModelVersionsView): Promise<void> {
  const text = await window.showInputBox({
    title: 'Filter Model Versions',
    prompt: 'Shows checkpoints and tensors whose name holds every word',
    placeHolder: 'q_proj weight',
    value: view.provider.filter,
  });
  if (text !== undefined) view.setFilter(text);
}

/** Commands of the Model Versions view itself and of its nodes. */
export function registerViewCommands(view: ModelVersionsView): Disposable[] {
  return [
    registerCommand('refresh', () => view.refresh()),
    registerCommand('filter', () => askForFilter(view)),
    registerCommand('clearFilter', () => view.setFilter('')),
    registerCommand('copyName', (node: ModelNode) => env.clipboard.writeText(fullNameOf(node))),
    registerCommand('copyPath', (node: ModelNode) => env.clipboard.writeText(pathOf(node))),
    registerCommand('revealInExplorer', (node: ModelNode) => commands.executeCommand('revealInExplorer', Uri.file(pathOf(node)))),
  ];
}
