import { basename } from 'node:path';
import { commands, Uri, workspace } from 'vscode';
import type { DiffPanels } from '../diff/diffPanels.js';
import { describeNonFinite, describeRounding, type Manifest } from './combineRoom.js';
import type { SweptModels } from './draft.js';
import type { Pages } from '../kit/pages.js';
import { showInformationMessage, showWarningMessage } from '../kit/notices.js';

export interface ResultServices {
  readonly pages: Pages;
  readonly diffPanels: DiffPanels;
  readonly verify: (folder: string) => Promise<void>;
}

async function reveal(folder: string): Promise<void> {
  const uri = Uri.file(folder);
  await commands.executeCommand(workspace.getWorkspaceFolder(uri) === undefined ? 'revealFileInOS' : 'revealInExplorer', uri);
}

/** The models of a transfer, whose scale can be swept; null for another output. */
function sweptModels({ inputs }: Manifest): SweptModels | null {
  const [finetuned, base, target] = ['finetuned', 'base', 'target'].map((role) => inputs.find((input) => input.role === role)?.path);
  return finetuned === undefined || base === undefined || target === undefined ? null : { finetuned, base, target };
}

/** Shows the report of a new output, and what can be done with it next. */
export async function showResult(folder: string, manifest: Manifest, { pages, diffPanels, verify }: ResultServices): Promise<void> {
  await pages.showReport(folder);
  const target = manifest.kind === 'model' ? manifest.inputs.find(({ role }) => role === manifest.template) : undefined;
  const models = sweptModels(manifest);
  const actions = [...(target === undefined ? [] : ['Diff with Target']), 'Verify', ...(models === null ? [] : ['Sweep Scale…']), 'Reveal'];
  const written = `${basename(folder)} is written. ${describeRounding(manifest.rounding.total)}`;
  const nonFinite = describeNonFinite(manifest.rounding);
  const choice =
    nonFinite === null
      ? await showInformationMessage(written, ...actions)
      : await showWarningMessage(`${written} ${nonFinite}`, ...actions);
  if (choice === 'Diff with Target' && target !== undefined) diffPanels.show({ a: target.path, b: folder });
  if (choice === 'Verify') await verify(folder);
  if (choice === 'Sweep Scale…') await commands.executeCommand('modelRebase.sweep', models);
  if (choice === 'Reveal') await reveal(folder);
}
