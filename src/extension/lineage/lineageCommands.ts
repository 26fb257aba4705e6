import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commands, type Disposable, Uri, window, workspace } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import type { CommandName } from '../commands.js';
import { registerCommand } from '../kit/registerCommand.js';
import type { Engine } from '../kit/engineService.js';
import type { Pages } from '../kit/pages.js';
import { pickSeveral } from '../kit/quickPick.js';
import type { RoundsPanels } from './comparison/roundsPanels.js';
import type { LineageLibrary } from './lineageLibrary.js';
import { lineageSuffix, roundPaths } from './lineageRoom.js';
import { lineageChoice, lineagePathOf, type LineageTarget, releaseOf } from './lineageTargets.js';
import { prepareRound } from './rounds/prepareRound.js';
import { recordFineTuned, scoreRelease } from './rounds/recordFineTuned.js';
import type { FineTuningTasks } from './training/fineTuningTasks.js';
import { nothingDue, runFineTuning } from './training/runFineTuning.js';
import { lineageName } from './view/words.js';
import type { LineageView } from './view/lineageView.js';
import { askForLineage } from './wizard/newLineage.js';
import { lineageOf } from './wizard/newLineageDraft.js';
import { askForRelease } from './wizard/newRelease.js';
import { showInformationMessage } from '../kit/notices.js';

export interface LineageServices {
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
  readonly lineages: LineageLibrary;
  readonly view: LineageView;
  readonly pages: Pages;
  readonly panels: RoundsPanels;
  readonly fineTuning: FineTuningTasks;
}

function proposedPath(): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  for (let number = 1; ; number++) {
    const path = join(folder, `${number === 1 ? 'models' : `models-${number}`}${lineageSuffix}`);
    if (!existsSync(path)) return path;
  }
}

async function newLineage({ engine, lineages }: LineageServices): Promise<void> {
  const draft = await askForLineage({ strategy: 'iterative', tasks: [], command: '', path: proposedPath() });
  if (draft === undefined) return;
  await engine.request('recycle/init', { path: draft.path, lineage: lineageOf(draft) });
  await lineages.refresh();
  await window.showTextDocument(Uri.file(draft.path));
  const choice = await showInformationMessage(`${lineageName(draft.path)} is begun. Its first release comes next.`, 'Add Base Release…');
  if (choice !== undefined) await commands.executeCommand('modelRebase.addRelease', Uri.file(draft.path));
}

async function addRelease(path: string, { engine, library, lineages }: LineageServices): Promise<void> {
  const release = await askForRelease(await engine.request('recycle/status', { path }), library);
  if (release === undefined) return;
  await engine.request('recycle/add', { path, release });
  await lineages.refresh();
}

async function prepare(path: string, services: LineageServices): Promise<void> {
  const status = await prepareRound(path, services);
  if (status === undefined) return;
  await services.lineages.refresh();
  const { next, command } = status;
  if (next.kind === 'complete') throw new Error(nothingDue(status));
  const actions = [...(command === null ? [] : ['Run Fine-tuning']), 'Record Fine-tuned Model…'];
  const choice = await showInformationMessage(`${next.release} can be fine-tuned from ${next.start}.`, ...actions);
  if (choice === 'Run Fine-tuning') await commands.executeCommand('modelRebase.runFineTuning', Uri.file(path));
  if (choice === 'Record Fine-tuned Model…') await commands.executeCommand('modelRebase.recordFineTuned', Uri.file(path));
}

async function record(path: string, release: string | undefined, services: LineageServices): Promise<void> {
  await recordFineTuned(path, release, services);
  await services.lineages.refresh();
}

async function score(path: string, release: string | undefined, { engine, lineages }: LineageServices): Promise<void> {
  const { releases, tasks } = await engine.request('recycle/status', { path });
  if (tasks.length === 0) throw new Error(`${lineageName(path)} has no tasks to score with. Add "tasks" to its file.`);
  for (const { name } of releases.filter((known) => release === undefined || known.name === release))
    await scoreRelease(path, name, engine);
  await lineages.refresh();
}

async function compareRounds(target: LineageTarget | undefined, { lineages, panels }: LineageServices): Promise<void> {
  const all = lineages.entries.map(({ path }) => path);
  const given = target instanceof Uri ? target.fsPath : target?.path;
  if (all.length < 2) {
    const path = given ?? (await lineagePathOf(undefined, lineages, 'Compare Rounds'));
    if (path !== undefined) panels.show([path]);
    return;
  }
  const items = all.map((path) => ({ ...lineageChoice(path), picked: given === undefined || path === given }));
  const placeHolder = 'Lineages to lay beside each other: one for each strategy';
  const picked = await pickSeveral(items, { title: 'Compare Rounds', placeHolder });
  if (picked !== undefined && picked.length > 0) panels.show(picked.map(({ path }) => path));
}

async function showTrainingLog(path: string, release: string | undefined): Promise<void> {
  const { log } = roundPaths(path, release ?? '', 'finetuned');
  if (release === undefined || !existsSync(log)) throw new Error(`There is no training log: ${log}.`);
  await window.showTextDocument(Uri.file(log));
}

/** A command about one lineage, which is asked for where the command is not given one. */
function aboutLineage(
  name: CommandName,
  title: string,
  { lineages }: LineageServices,
  run: (path: string, release: string | undefined) => Promise<unknown>,
): Disposable {
  return registerCommand(name, async (target?: LineageTarget) => {
    const path = await lineagePathOf(target, lineages, title);
    if (path !== undefined) await run(path, releaseOf(target));
  });
}

export function registerLineageCommands(services: LineageServices): Disposable[] {
  const { engine, fineTuning, view } = services;
  return [
    registerCommand('newLineage', () => newLineage(services)),
    registerCommand('refreshLineages', () => view.refresh()),
    registerCommand('compareRounds', (target?: LineageTarget) => compareRounds(target, services)),
    aboutLineage('addRelease', 'Add Base Release', services, (path) => addRelease(path, services)),
    aboutLineage('prepareRound', 'Prepare Next Round', services, (path) => prepare(path, services)),
    aboutLineage('runFineTuning', 'Run Fine-tuning', services, (path) => runFineTuning(path, engine, fineTuning)),
    aboutLineage('recordFineTuned', 'Record Fine-tuned Model', services, (path, release) => record(path, release, services)),
    aboutLineage('scoreRelease', 'Score Release', services, (path, release) => score(path, release, services)),
    aboutLineage('openLineage', 'Open Lineage File', services, async (path) => window.showTextDocument(Uri.file(path))),
    aboutLineage('showTrainingLog', 'Show Training Log', services, (path, release) => showTrainingLog(path, release)),
  ];
}
