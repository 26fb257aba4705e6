import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commands, type Disposable, Uri, window, workspace } from 'vscode';
import { modelVersionsViewId } from './modelVersionsView.js';
import { registerCommand } from '../kit/registerCommand.js';

const folderName = 'model-rebase-samples';

async function chooseParent(): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    title: 'Choose where to put the sample models',
    openLabel: 'Copy Samples Here',
    defaultUri: workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir()),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}

/** Adds the folder to the window, or opens it where the window shows no folder yet. */
async function openFolder(folder: string): Promise<void> {
  const uri = Uri.file(folder);
  const count = workspace.workspaceFolders?.length ?? 0;
  if (count === 0) await commands.executeCommand('vscode.openFolder', uri);
  else if (workspace.getWorkspaceFolder(uri) === undefined) workspace.updateWorkspaceFolders(count, 0, { uri });
  else await commands.executeCommand(`${modelVersionsViewId}.focus`);
}

/** Copies the extension's sample models and texts into `parent`, keeps those that are there already, and opens the folder. */
async function openSamples(extension: Uri, parent: string): Promise<string> {
  const samples = Uri.joinPath(extension, 'samples').fsPath;
  const folder = join(parent, folderName);
  const names = [...sampleNames, textsName].filter((name) => existsSync(join(samples, name)));
  await Promise.all(names.map((name) => cp(join(samples, name), join(folder, name), { recursive: true, force: false })));
  await openFolder(folder);
  return folder;
}

/** Folder of the held-out texts that models are scored with. */
const textsName = 'text';

/** Models of a checkout. The extension's package leaves out the last of them. */
export const sampleNames = ['base-1', 'finetuned-1', 'base-2', 'unrelated'] as const;

export function registerSampleCommands(extension: Uri): Disposable[] {
  return [
    registerCommand('openSamples', async (parent?: Uri) => {
      const chosen = parent instanceof Uri ? parent.fsPath : await chooseParent();
      return chosen === undefined ? undefined : openSamples(extension, chosen);
    }),
  ];
}
