import type { Disposable } from 'vscode';
import { titleOf } from '../../checkpoint/index.js';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import type { DiffPanels } from './diffPanels.js';
import type { DiffSelection } from './diffSelection.js';
import { showDiff } from './diffPipelines.js';
import { comparablePair } from '../checkpoints/adapterModels.js';
import { pickCheckpoint } from '../checkpoints/pickCheckpoint.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathOf, checkpointPathsOf, type MenuTarget } from '../checkpoints/targets.js';

/** What the commands need. */
interface DiffServices {
  readonly library: CheckpointLibrary;
  readonly selection: DiffSelection;
  readonly panels: DiffPanels;
}

/** Asks for the other version. The first is A: the panel can swap the sides. */
async function diffWith(a: string, { library, panels }: DiffServices, title = `Diff ${titleOf(a)} with`): Promise<void> {
  const b = await pickCheckpoint(library, title, 'The version to compare with it: fine-tuned, or newer', ({ path }) => path !== a);
  if (b !== undefined) await showDiff(await comparablePair(a, b, library), panels);
}

async function diffWithSelected(target: MenuTarget, services: DiffServices): Promise<void> {
  const { path: a } = services.selection;
  const b = checkpointPathOf(target);
  if (a === undefined) await diffWith(b, services);
  else await showDiff(await comparablePair(a, b, services.library), services.panels);
}

/** One model alone is diffed with another that the user chooses. */
async function diffSelected(paths: readonly string[], services: DiffServices): Promise<void> {
  const [a, b, ...others] = paths;
  if (a === undefined || others.length > 0) throw new Error(`Select two models to diff; ${paths.length} are selected.`);
  if (b === undefined) await diffWith(a, services);
  else await showDiff(await comparablePair(a, b, services.library), services.panels);
}

async function diffTwoModels(services: DiffServices): Promise<void> {
  const a = await pickCheckpoint(services.library, 'Diff Two Models (1/2)', 'The version to start from: base, or older');
  if (a !== undefined) await diffWith(a, services, 'Diff Two Models (2/2)');
}

/** The ways to a diff: one model and another that is asked for, select and compare, two at once, and from the command palette. */
export function registerDiffCommands(library: CheckpointLibrary, selection: DiffSelection, panels: DiffPanels): Disposable[] {
  const services: DiffServices = { library, selection, panels };
  return [
    registerCommand('diffWith', (target: MenuTarget) => diffWith(checkpointPathOf(target), services)),
    registerCommand('selectForDiff', (target: MenuTarget) => selection.select(checkpointPathOf(target))),
    registerCommand('diffWithSelected', (target: MenuTarget) => diffWithSelected(target, services)),
    registerCommand('diffSelected', (target?: MenuTarget, selected?: readonly MenuTarget[]) =>
      diffSelected(checkpointPathsOf(target, selected), services),
    ),
    registerCommand('diffTwoModels', () => diffTwoModels(services)),
  ];
}
