import { type Disposable, ProgressLocation, window } from 'vscode';
import { plural } from '../../base/format.js';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import { pickCheckpoint } from '../checkpoints/pickCheckpoint.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathOf, checkpointPathsOf, type MenuTarget } from '../checkpoints/targets.js';
import type { Engine } from '../kit/engineService.js';
import type { DiffPanels } from '../diff/diffPanels.js';
import { isDifference } from '../checkpoints/isDifference.js';
import { carryOut, verify, type WritingServices } from './carryOut.js';
import { type DiffedPair, type Draft, draftOfPoint, type GivenPoint, type Goal, newDraft, noModels } from './draft.js';
import type { RoleGuess } from './guessRoles.js';
import { guessFromSelection } from './guessSelection.js';
import type { Pages } from '../kit/pages.js';
import { Planner } from './planner.js';
import { PlanRunner } from './planRunner.js';
import { registerUnfinishedCommands } from './unfinishedCommands.js';
import { DraftWizard } from './wizard/draftWizard.js';

/** What the command may be given: a menu's target, the versions of a diff panel, or a point of a connectivity panel. */
type TransferTarget = MenuTarget | DiffedPair | GivenPoint;

function isPair(target: TransferTarget | undefined): target is DiffedPair {
  return target !== undefined && 'base' in target;
}

function isPoint(target: TransferTarget | undefined): target is GivenPoint {
  return target !== undefined && 'combination' in target;
}

function guessFromPair({ base, finetuned }: DiffedPair): RoleGuess {
  const reasons = { finetuned: 'the second version of the diff', base: 'the first version of the diff' };
  return { models: { ...noModels, finetuned, base }, reasons };
}

async function guessFor(
  target: MenuTarget | DiffedPair | undefined,
  selected: readonly MenuTarget[] | undefined,
  services: WritingServices,
): Promise<RoleGuess | null> {
  if (isPair(target)) return guessFromPair(target);
  const paths = checkpointPathsOf(target, selected);
  if (paths.length === 0) return null;
  return window.withProgress({ location: ProgressLocation.Window, title: 'Looking at the selected models' }, () =>
    guessFromSelection(paths, services),
  );
}

/** A diff vector has no target: a model that looked like one is a base. */
function withoutTarget({ models, reasons }: RoleGuess): RoleGuess {
  if (models.delta !== null) throw new Error('The selected checkpoint is a diff vector already.');
  const base = models.base ?? models.target;
  return { models: { ...models, base, target: null }, reasons: { ...reasons, base: reasons.base ?? reasons.target ?? '' } };
}

async function combine(
  goal: Goal,
  target: MenuTarget | DiffedPair | undefined,
  selected: readonly MenuTarget[] | undefined,
  services: WritingServices,
): Promise<void> {
  const found = await guessFor(target, selected, services);
  const guess = goal === 'diff-vector' && found !== null ? withoutTarget(found) : found;
  await write(newDraft(goal, guess?.models), guess, services);
}

/** What is chosen is the fine-tuned version or a diff vector; which model gets it is asked for. */
async function transferTo(source: string, services: WritingServices): Promise<void> {
  const isVector = isDifference(await services.library.checkpointAt(source));
  await write(newDraft('transfer', isVector ? { delta: source } : { finetuned: source }), null, services);
}

/** Asks what the draft leaves open, plans, and writes what the user wants to be written. */
async function write(draft: Draft, guess: RoleGuess | null, services: WritingServices): Promise<void> {
  const { engine, library, pages } = services;
  const wizard = new DraftWizard({ library, pages, planner: new Planner(engine) }, draft.goal, guess);
  const order = await wizard.run(draft);
  if (order !== undefined) await carryOut(order, services);
}

/** A folder that this tool wrote, as the menu or the user says. */
async function outputOf(target: MenuTarget | undefined, title: string, library: CheckpointLibrary): Promise<string | undefined> {
  if (target !== undefined) return checkpointPathOf(target);
  return pickCheckpoint(library, title, 'A checkpoint that Model Rebase wrote', ({ output }) => output !== null);
}

/** Transfer Fine-tuning, Save Diff Vector, Verify Checkpoint, and the report of what they made. */
export function registerTransferCommands(engine: Engine, library: CheckpointLibrary, diffPanels: DiffPanels, pages: Pages): Disposable[] {
  const services: WritingServices = { engine, library, diffPanels, pages, runner: new PlanRunner(engine, library) };
  return [
    registerCommand('transfer', (target?: TransferTarget, selected?: readonly MenuTarget[]) =>
      isPoint(target) ? write(draftOfPoint(target), null, services) : combine('transfer', target, selected, services),
    ),
    registerCommand('transferTo', (target: MenuTarget) => transferTo(checkpointPathOf(target), services)),
    registerCommand('saveDiffVector', (target?: MenuTarget | DiffedPair, selected?: readonly MenuTarget[]) => {
      const count = isPair(target) ? 2 : checkpointPathsOf(target, selected).length;
      if (count > 2) throw new Error(`A diff vector is made of a fine-tuned version and its base; ${plural(count, 'model')} are selected.`);
      return combine('diff-vector', target, selected, services);
    }),
    registerCommand('verify', async (target?: MenuTarget) => {
      const folder = await outputOf(target, 'Verify Checkpoint', library);
      if (folder !== undefined) await verify(folder, services);
    }),
    registerCommand('showReport', async (target?: MenuTarget) => {
      const folder = await outputOf(target, 'Show Report', library);
      if (folder !== undefined) await pages.showReport(folder);
    }),
    ...registerUnfinishedCommands(services),
  ];
}
