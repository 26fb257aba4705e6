import { basename, dirname } from 'node:path';
import { Uri } from 'vscode';
import { type ModelNode, pathOf } from './nodes.js';

/** What menus pass to a command: a file of the Explorer, or a node of the Model Versions view. */
export type MenuTarget = Uri | ModelNode;

/** Files that stand for the folder they lie in, which gives the model its name. */
const folderFiles = ['model.safetensors', 'model.safetensors.index.json'];

/** The checkpoint's path that a menu's target stands for. */
export function checkpointPathOf(target: MenuTarget): string {
  const path = target instanceof Uri ? target.fsPath : pathOf(target);
  return folderFiles.includes(basename(path)) ? dirname(path) : path;
}

/** The distinct checkpoints a menu's selection stands for; the item under the pointer alone when it is not part of one. */
export function checkpointPathsOf(target: MenuTarget | undefined, selected: readonly MenuTarget[] | undefined): string[] {
  const targets = selected !== undefined && selected.length > 0 ? selected : target === undefined ? [] : [target];
  return [...new Set(targets.map(checkpointPathOf))];
}
