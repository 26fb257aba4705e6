import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commands, Uri } from 'vscode';
import type { DiffReport, ReportSide } from '../../compare/report/index.js';

function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
}

function fileBeside(side: ReportSide, file: string): Uri {
  if (!side.textFiles.includes(file)) throw new Error(`${side.name} has no ${file} beside its weights.`);
  const path = join(folderOf(side.path), file);
  if (!existsSync(path)) throw new Error(`${path} is no longer there.`);
  return Uri.file(path);
}

/**
 * Opens a text file that lies beside both versions in VS Code's own diff editor.
 * @throws when a side does not have it.
 */
export async function diffTextFile({ a, b }: DiffReport, file: string): Promise<void> {
  const title = `${file}: ${a.name} ↔ ${b.name}`;
  await commands.executeCommand('vscode.diff', fileBeside(a, file), fileBeside(b, file), title);
}

/** Shows a version in the Explorer view. */
export async function revealSide(path: string): Promise<void> {
  if (!existsSync(path)) throw new Error(`${path} is no longer there.`);
  await commands.executeCommand('revealInExplorer', Uri.file(path));
}
