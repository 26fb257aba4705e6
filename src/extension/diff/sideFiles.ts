import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands, Uri } from 'vscode';
import { addressExists, folderOfAddress } from '../../checkpoint/index.js';
import { revealAddress } from '../checkpoints/targets.js';
import type { DiffReport, ReportSide } from '../../compare/report/index.js';

function fileBeside(side: ReportSide, file: string): Uri {
  if (!side.textFiles.includes(file)) throw new Error(`${side.name} has no ${file} beside its weights.`);
  const path = join(folderOfAddress(side.path), file);
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
export async function revealSide(address: string): Promise<void> {
  if (!addressExists(address)) throw new Error(`${address} is no longer there.`);
  await revealAddress(address);
}
