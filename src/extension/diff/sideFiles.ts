import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, Uri } from 'vscode';
import { addressExists, folderOfAddress } from '../../checkpoint/index.js';
import { revealAddress } from '../checkpoints/targets.js';
import type { FileComparison } from '../../webview/index.js';
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

/** Files that lie beside both sides, with whether their bytes are the same. What cannot be read is left out. */
export async function compareTextFiles({ a, b }: DiffReport): Promise<FileComparison[]> {
  const files = a.textFiles.filter((file) => b.textFiles.includes(file));
  const compared = await Promise.all(
    files.map(async (file) => {
      const same = await haveSameBytes(join(folderOfAddress(a.path), file), join(folderOfAddress(b.path), file)).catch(() => null);
      return same === null ? null : { file, same };
    }),
  );
  return compared.filter((comparison) => comparison !== null);
}

async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const [sizeA, sizeB] = (await Promise.all([stat(one), stat(other)])).map(({ size }) => size);
  if (sizeA !== sizeB) return false;
  const [bytesA, bytesB] = await Promise.all([readFile(one), readFile(other)]);
  return bytesA.equals(bytesB);
}
