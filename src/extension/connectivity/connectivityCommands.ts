import { dirname } from 'node:path';
import { type Disposable, ProgressLocation, Uri, window } from 'vscode';
import { namedBy } from '../kit/namedPaths.js';
import { registerCommand } from '../kit/registerCommand.js';
import { checkpointPathsOf, type MenuTarget } from '../checkpoints/targets.js';
import type { DiffedPair, SweptModels } from '../transfer/draft.js';
import { guessFromSelection } from '../transfer/guessSelection.js';
import type { ConnectivityPanels } from './connectivityPanels.js';
import { type ConnectivityRequest, parseMatrixFile } from './connectivityRoom.js';
import { type CurveDraft, newCurve, wholeModels, withSkipping } from './curveDraft.js';
import { readScoring } from './scoringSettings.js';
import { askForCurve, type CurveWizardServices } from './wizard/curveWizard.js';
import { planCancellably } from './wizard/planCancellably.js';
import { reviewPlans } from './wizard/reviewPlan.js';
import type { RoleReasons } from './wizard/rolesStep.js';
import { readText } from '../../base/readFile.js';

interface Services extends CurveWizardServices {
  readonly panels: ConnectivityPanels;
}

type CurveTarget = MenuTarget | DiffedPair;

function isPair(target: CurveTarget | undefined): target is DiffedPair {
  return target !== undefined && 'finetuned' in target;
}

function pathsOf(target: CurveTarget | undefined, selected: readonly MenuTarget[] | undefined): string[] {
  return isPair(target) ? [target.base, target.finetuned] : checkpointPathsOf(target, selected);
}

async function ask(title: string, draft: CurveDraft, reasons: RoleReasons, services: Services): Promise<void> {
  const plan = await askForCurve(title, draft, reasons, services);
  if (plan !== undefined) services.panels.show(plan.title, plan.request);
}

/** Two models are the ends of a line, three span a plane; less leaves the way open. */
async function interpolate(paths: readonly string[], services: Services): Promise<void> {
  if (paths.length > 3) throw new Error(`A line has two models and a plane three, but ${paths.length} are selected.`);
  const [a = null, b = null, c = null] = paths;
  const way = c !== null ? 'plane' : b !== null ? 'interpolate' : null;
  await ask('Interpolate', newCurve(way, { a, b, c }), {}, services);
}

function areSwept(target: MenuTarget | SweptModels | undefined): target is SweptModels {
  return target !== undefined && 'target' in target;
}

async function sweep(
  given: MenuTarget | SweptModels | undefined,
  selected: readonly MenuTarget[] | undefined,
  services: Services,
): Promise<void> {
  if (areSwept(given)) await ask('Sweep Transfer Scale', newCurve('sweep', { ...given }), {}, services);
  else await sweepSelected(checkpointPathsOf(given, selected), services);
}

async function sweepSelected(paths: readonly string[], services: Services): Promise<void> {
  const look = { location: ProgressLocation.Window, title: 'Looking at the selected models' };
  const guess = paths.length === 0 ? null : await window.withProgress(look, () => guessFromSelection(paths, services));
  const { finetuned = null, base = null, target = null, delta = null } = guess?.models ?? {};
  if (delta !== null) throw new Error('A sweep needs the fine-tuned version and its base; the selected checkpoint is a diff vector.');
  await ask('Sweep Transfer Scale', newCurve('sweep', { finetuned, base, target }), guess?.reasons ?? {}, services);
}

async function chooseMatrixFile(): Promise<Uri | undefined> {
  const question = { title: 'Choose a matrix file: tasks and versions', openLabel: 'Choose Matrix', filters: { 'Matrix files': ['json'] } };
  return (await window.showOpenDialog(question))?.[0];
}

/** The matrix that a file describes. @throws Error naming the field that is wrong */
async function readMatrix({ fsPath }: Uri): Promise<ConnectivityRequest> {
  const { tasks, versions, inputs } = parseMatrixFile(await readText(fsPath), fsPath, dirname(fsPath));
  const { settings } = readScoring();
  namedBy(fsPath).require([...inputs.map(({ path }) => path), ...tasks]);
  if (tasks.length === 0) throw new Error(`${fsPath}: "tasks" names no text or questions to score the models on.`);
  return { kind: 'matrix', versions, inputs, tasks, settings, choices: wholeModels, previous: null };
}

async function matrix(target: MenuTarget | undefined, services: Services): Promise<void> {
  const file = target instanceof Uri ? target : await chooseMatrixFile();
  if (file === undefined) return;
  const request = await readMatrix(file);
  const place = { title: 'Transfer Matrix', step: undefined, totalSteps: undefined, hasBack: false };
  const { engine, pages, panels } = services;
  const plan = await reviewPlans((skipMismatched) => planCancellably(engine, withSkipping(request, skipMismatched)), place, pages);
  if (plan !== undefined && plan !== 'back') panels.show(plan.title, plan.request);
}

/** Interpolate, Sweep Transfer Scale and Transfer Matrix. */
export function registerConnectivityCommands(services: Services): Disposable[] {
  return [
    registerCommand('interpolate', (target?: CurveTarget, selected?: readonly MenuTarget[]) =>
      interpolate(pathsOf(target, selected), services),
    ),
    registerCommand('sweep', (target?: MenuTarget | SweptModels, selected?: readonly MenuTarget[]) => sweep(target, selected, services)),
    registerCommand('transferMatrix', (target?: MenuTarget) => matrix(target, services)),
  ];
}
