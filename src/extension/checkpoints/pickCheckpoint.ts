import { type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import type { CheckpointLibrary, OpenEntry } from './checkpointLibrary.js';
import { diffVectorFacts } from '../transfer/combineRoom.js';
import { describeCheckpoint } from './checkpointFacts.js';
import { pickOne } from '../kit/quickPick.js';
import { placeOf } from './targets.js';

export interface CheckpointItem extends QuickPickItem {
  /** The checkpoint's path; the items that browse have none. */
  readonly path?: string;
  readonly browse?: 'file' | 'folder';
}

/** The checkpoints of the workspace that `isOffered`, as items of a quick pick. */
export function checkpointItems({ entries }: CheckpointLibrary, isOffered: (entry: OpenEntry) => boolean): CheckpointItem[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'broken' || !isOffered(entry)) return [];
    const { path, checkpoint } = entry;
    const iconPath = new ThemeIcon(diffVectorFacts(checkpoint) === null ? 'package' : 'diff');
    return [{ label: checkpoint.name, description: placeOf(path), detail: describeCheckpoint(checkpoint), iconPath, path }];
  });
}

/** Two items, because dialogs of some systems choose either files or folders. */
export const browseItems: readonly CheckpointItem[] = [
  { label: 'Elsewhere', kind: QuickPickItemKind.Separator },
  { label: 'Browse for a Folder…', iconPath: new ThemeIcon('folder-opened'), browse: 'folder', alwaysShow: true },
  { label: 'Browse for a File…', iconPath: new ThemeIcon('file'), browse: 'file', alwaysShow: true },
];

/** Lets the user choose a checkpoint in a file dialog. */
export async function browseForCheckpoint(kind: 'file' | 'folder'): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    title: kind === 'file' ? 'Choose a checkpoint file' : 'Choose a checkpoint folder',
    openLabel: 'Choose Model',
    canSelectFiles: kind === 'file',
    canSelectFolders: kind === 'folder',
    canSelectMany: false,
    ...(kind === 'file'
      ? { filters: { 'Weights and their indices': ['safetensors', 'gguf', 'bin', 'pt', 'pth', 'ckpt', 'npz', 'npy', 'json'] } }
      : {}),
  });
  return chosen?.[0]?.fsPath;
}

/**
 * Lets the user choose a checkpoint of the workspace, or any other by browsing.
 * @param isOffered Which checkpoints of the workspace to offer.
 * @returns its path, or undefined when the user chose none.
 */
export async function pickCheckpoint(
  library: CheckpointLibrary,
  title: string,
  placeHolder: string,
  isOffered: (entry: OpenEntry) => boolean = () => true,
): Promise<string | undefined> {
  const items = [...checkpointItems(library, isOffered), ...browseItems];
  const picked = await pickOne(items, { title, placeHolder, matchOnDescription: true, matchOnDetail: true });
  return picked?.browse === undefined ? picked?.path : browseForCheckpoint(picked.browse);
}
