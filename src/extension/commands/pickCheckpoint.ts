import { type QuickPickItem, QuickPickItemKind, ThemeIcon, window, workspace } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import { describeCheckpoint } from '../views/checkpointFacts.js';

interface CheckpointItem extends QuickPickItem {
  /** The checkpoint's path; the items that browse have none. */
  readonly path?: string;
  readonly browse?: 'file' | 'folder';
}

function checkpointItems(library: CheckpointLibrary, without: string | undefined): CheckpointItem[] {
  return library.entries.flatMap((entry) => {
    if (entry.kind === 'broken' || entry.path === without) return [];
    const { path, checkpoint } = entry;
    return [{ label: checkpoint.name, description: describeCheckpoint(checkpoint), detail: workspace.asRelativePath(path), iconPath: new ThemeIcon('package'), path }];
  });
}

/** Two items, because dialogs of some systems choose either files or folders. */
const browseItems: readonly CheckpointItem[] = [
  { label: 'Elsewhere', kind: QuickPickItemKind.Separator },
  { label: 'Browse for a Folder…', iconPath: new ThemeIcon('folder-opened'), browse: 'folder', alwaysShow: true },
  { label: 'Browse for a File…', iconPath: new ThemeIcon('file'), browse: 'file', alwaysShow: true },
];

async function browse(kind: 'file' | 'folder'): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    title: kind === 'file' ? 'Choose a checkpoint file' : 'Choose a checkpoint folder',
    openLabel: 'Choose Model',
    canSelectFiles: kind === 'file',
    canSelectFolders: kind === 'folder',
    canSelectMany: false,
    ...(kind === 'file' ? { filters: { Safetensors: ['safetensors'] } } : {}),
  });
  return chosen?.[0]?.fsPath;
}

/**
 * Lets the user choose a checkpoint of the workspace, or any other by browsing.
 * @param without A path not to offer.
 * @returns its path, or undefined when the user chose none.
 */
export async function pickCheckpoint(library: CheckpointLibrary, title: string, placeHolder: string, without?: string): Promise<string | undefined> {
  const items = [...checkpointItems(library, without), ...browseItems];
  const picked = await window.showQuickPick(items, { title, placeHolder, matchOnDescription: true, matchOnDetail: true });
  return picked?.browse === undefined ? picked?.path : browse(picked.browse);
}
