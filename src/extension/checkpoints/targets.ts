import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commands, Uri, workspace } from 'vscode';
import { placeOfAddress } from '../../checkpoint/index.js';
import { type ModelNode, pathOf } from './nodes.js';

/** What menus pass to a command: a file of the Explorer, or a node of the Model Versions view. */
export type MenuTarget = Uri | ModelNode;

/** Shows the file or the folder of an address in the Explorer. */
export async function revealAddress(address: string): Promise<void> {
  await commands.executeCommand('revealInExplorer', Uri.file(placeOfAddress(address)));
}

/** Whether a file is what opening its folder opens, so that it stands for the folder, which gives the model its name. */
function standsForFolder(path: string): boolean {
  const isBeside = (name: string): boolean => existsSync(join(dirname(path), name));
  if (isBeside('model_index.json')) return false;
  const inOrder = ['model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin', 'pytorch_model.bin.index.json'];
  const place = inOrder.indexOf(basename(path));
  return place >= 0 && !inOrder.slice(0, place).some(isBeside);
}

/** The checkpoint's address that a menu's target stands for. */
export function checkpointPathOf(target: MenuTarget): string {
  if (!(target instanceof Uri)) return pathOf(target);
  const { fsPath } = target;
  return standsForFolder(fsPath) ? dirname(fsPath) : fsPath;
}

/** The distinct checkpoints a menu's selection stands for; the item under the pointer alone when it is not part of one. */
export function checkpointPathsOf(target: MenuTarget | undefined, selected: readonly MenuTarget[] = []): string[] {
  const paths = [...new Set(selected.map(checkpointPathOf))];
  const pointed = target === undefined ? undefined : checkpointPathOf(target);
  return pointed === undefined || paths.includes(pointed) ? paths : [pointed];
}

/** The folder that a checkpoint lies in, from the workspace; empty for what lies in the workspace folder itself or elsewhere. */
export function placeOf(path: string): string {
  const relative = workspace.asRelativePath(path);
  const folder = dirname(relative);
  return relative === path || folder === '.' ? '' : folder;
}
