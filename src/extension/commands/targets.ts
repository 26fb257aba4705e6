import { dirname } from 'node:path';
import { Uri } from 'vscode';
import { type ModelNode, pathOf } from '../views/nodes.js';

/** What menus pass to a command: a file of the Explorer, or a node of the Model Versions view. */
export type MenuTarget = Uri | ModelNode;

/** The checkpoint's path that a menu's target stands for: an index of shards stands for its folder. */
export function checkpointPathOf(target: MenuTarget): string {
  const path = target instanceof Uri ? target.fsPath : pathOf(target);
  return path.endsWith('.safetensors.index.json') ? dirname(path) : path;
}

/** The distinct checkpoints a menu's selection stands for; the item under the pointer alone when it is not part of one. */
export function checkpointPathsOf(target: MenuTarget | undefined, selected: readonly MenuTarget[] | undefined): string[] {
  const targets = selected !== undefined && selected.length > 0 ? selected : target === undefined ? [] : [target];
  return [...new Set(targets.map(checkpointPathOf))];
}
