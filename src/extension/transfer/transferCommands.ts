import { Disposable, ProgressLocation, window } from 'vscode';
import { plural } from '../../compare/report/format.js';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import { pickCheckpoint } from '../commands/pickCheckpoint.js';
import { registerCommand } from '../commands/registerCommand.js';
import { checkpointPathOf, checkpointPathsOf, type MenuTarget } from '../commands/targets.js';
import type { Engine } from '../engine/engineService.js';
import type { DiffPanels } from '../panels/diffPanels.js';
import { type DiffedPair, type Goal, newDraft, noModels } from './draft.js';
import { guessRoles, type RoleGuess } from './guessRoles.js';
import { cluesOf } from './modelClues.js';
import { Pages } from './pages.js';
import { Planner } from './planner.js';
import { PlanRunner } from './planRunner.js';
import { probeDistances } from './probeDistances.js';
import { showResult } from './showResult.js';
import { askForDepth, verifyOutput } from './verifyOutput.js';
import { DraftWizard } from './wizard/draftWizard.js';

interface Services {
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
  readonly diffPanels: DiffPanels;
  readonly pages: Pages;
  readonly runner: PlanRunner;
}

function isPair(target: MenuTarget | DiffedPair | undefined): target is DiffedPair {
  return target !== undefined && 'base' in target;
}

function guessFromPair({ base, finetuned }: DiffedPair): RoleGuess {
  const reasons = { finetuned: 'the second version of the diff', base: 'the first version of the diff' };
  return { models: { ...noModels, finetuned, base }, reasons };
}

async function guessFromSelection(paths: readonly string[], { engine, library }: Services): Promise<RoleGuess> {
  const models = await Promise.all(paths.map((path) => library.checkpointAt(path)));
  return guessRoles(models.map(cluesOf), await probeDistances(engine, models));
}

async function guessFor(
  target: MenuTarget | DiffedPair | undefined,
  selected: readonly MenuTarget[] | undefined,
  services: Services,
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
  services: Services,
): Promise<void> {
  const { engine, library, pages, diffPanels, runner } = services;
  const found = await guessFor(target, selected, services);
  const guess = goal === 'diff-vector' && found !== null ? withoutTarget(found) : found;
  const wizard = new DraftWizard({ library, pages, planner: new Planner(engine) }, goal, guess);
  const order = await wizard.run(newDraft(goal, guess?.models));
  if (order === undefined) return;
  const manifest = await runner.run(order.plan, { resume: order.plan.request.resume && !order.replace, replace: order.replace });
  if (manifest === null) return;
  await library.refresh();
  await showResult(order.plan.output, manifest, { pages, diffPanels, verify: (folder) => verify(folder, services) });
}

async function verify(folder: string, { engine, pages }: Services): Promise<void> {
  const deep = await askForDepth(folder);
  if (deep !== undefined) await verifyOutput(engine, pages, folder, deep);
}

/** A folder that this tool wrote, as the menu or the user says. */
async function outputOf(target: MenuTarget | undefined, title: string, library: CheckpointLibrary): Promise<string | undefined> {
  if (target !== undefined) return checkpointPathOf(target);
  return pickCheckpoint(library, title, 'A checkpoint that Model Rebase wrote', ({ output }) => output !== null);
}

/** Transfer Fine-tuning, Save Diff Vector, Verify Checkpoint, and the report of what they made. */
export function registerTransferCommands(engine: Engine, library: CheckpointLibrary, diffPanels: DiffPanels): Disposable[] {
  const pages = new Pages(engine);
  const services: Services = { engine, library, diffPanels, pages, runner: new PlanRunner(engine) };
  return [
    Disposable.from(pages),
    registerCommand('transfer', (target?: MenuTarget | DiffedPair, selected?: readonly MenuTarget[]) =>
      combine('transfer', target, selected, services),
    ),
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
  ];
}
