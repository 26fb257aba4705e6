import type { Disposable } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import type { DiffPanels } from './diffPanels.js';
import type { DiffSelection } from './diffSelection.js';
import { showDiff } from './diffPipelines.js';
import { pickCheckpoint } from '../checkpoints/pickCheckpoint.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathOf, checkpointPathsOf, type MenuTarget } from '../checkpoints/targets.js';

async function diffWithSelected(target: MenuTarget, selection: DiffSelection, panels: DiffPanels): Promise<void> {
  if (selection.path === undefined) throw new Error('No model is selected: choose Select for Model Diff on the first one.');
  await showDiff({ a: selection.path, b: checkpointPathOf(target) }, panels);
}

async function diffSelected(paths: readonly string[], panels: DiffPanels): Promise<void> {
  const [a, b, ...others] = paths;
  if (a === undefined || b === undefined || others.length > 0) {
    throw new Error(`Select exactly two models to diff; ${paths.length === 1 ? 'one is' : `${paths.length} are`} selected.`);
  }
  await showDiff({ a, b }, panels);
}

async function diffTwoModels(library: CheckpointLibrary, panels: DiffPanels): Promise<void> {
  const a = await pickCheckpoint(library, 'Diff Two Models (1/2)', 'The version to start from: base, or older');
  if (a === undefined) return;
  const b = await pickCheckpoint(
    library,
    'Diff Two Models (2/2)',
    'The version to compare with it: fine-tuned, or newer',
    ({ path }) => path !== a,
  );
  if (b !== undefined) await showDiff({ a, b }, panels);
}

/** The four ways to a diff: select and compare, two at once, and from the command palette. */
export function registerDiffCommands(library: CheckpointLibrary, selection: DiffSelection, panels: DiffPanels): Disposable[] {
  return [
    registerCommand('selectForDiff', (target: MenuTarget) => selection.select(checkpointPathOf(target))),
    registerCommand('diffWithSelected', (target: MenuTarget) => diffWithSelected(target, selection, panels)),
    registerCommand('diffSelected', (target?: MenuTarget, selected?: readonly MenuTarget[]) =>
      diffSelected(checkpointPathsOf(target, selected), panels),
    ),
    registerCommand('diffTwoModels', () => diffTwoModels(library, panels)),
  ];
}
