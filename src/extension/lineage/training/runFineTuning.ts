import { existsSync } from 'node:fs';
import { commands, tasks, Uri, window, workspace } from 'vscode';
import type { Engine } from '../../kit/engineService.js';
import type { LineageStatus } from '../lineageRoom.js';
import { lineageName } from '../view/words.js';
import type { FineTuningTasks } from './fineTuningTasks.js';
import { type TrainingProcess, runLog } from './trainingProcess.js';
import type { TrainingListener } from './trainingTerminal.js';
import { showErrorMessage, showInformationMessage } from '../../kit/notices.js';

/** Starts the round that is due as a task, or says why it cannot. */
export async function runFineTuning(path: string, engine: Engine, fineTuning: FineTuningTasks): Promise<void> {
  if (!workspace.isTrusted) return refuseUntrusted(path);
  const status = await engine.request('recycle/status', { path });
  const { next, command, releases } = status;
  if (next.kind === 'complete') throw new Error(nothingDue(status));
  if (command === null) return askForCommand(path);
  const underWay = releases.find(({ training }) => training.length > 0);
  if (underWay !== undefined) return showUnderWay(path, underWay.name);
  await tasks.executeTask(fineTuning.taskOf(path));
}

/** Why no round can be run. */
export function nothingDue({ path, releases }: Pick<LineageStatus, 'path' | 'releases'>): string {
  const name = lineageName(path);
  if (releases.length === 0) return `${name} has no release yet: add one with “Add Base Release…”.`;
  return `All releases of ${name} are fine-tuned. When a new base is released, add it with “Add Base Release…”.`;
}

/** A lineage's command may be anybody's: it runs only where the user trusts the folder. */
async function refuseUntrusted(path: string): Promise<void> {
  const message = `${lineageName(path)} is not fine-tuned in Restricted Mode, since that runs the command of its file. Read the file, then trust the workspace.`;
  const choice = await showErrorMessage(message, 'Manage Workspace Trust', 'Open Lineage File');
  if (choice === 'Manage Workspace Trust') await commands.executeCommand('workbench.trust.manage');
  if (choice === 'Open Lineage File') await window.showTextDocument(Uri.file(path));
}

async function askForCommand(path: string): Promise<void> {
  const message = `${lineageName(path)} has no command to fine-tune with. Add "command" to its file, or record a model that was trained elsewhere.`;
  const choice = await showErrorMessage(message, 'Open Lineage File', 'Record Fine-tuned Model…');
  if (choice === 'Open Lineage File') await window.showTextDocument(Uri.file(path));
  if (choice === 'Record Fine-tuned Model…') await commands.executeCommand('modelRebase.recordFineTuned', Uri.file(path));
}

async function showUnderWay(path: string, release: string): Promise<void> {
  const choice = await showInformationMessage(`${release} of ${lineageName(path)} is in training already.`, ...logActions(path));
  if (choice !== undefined) await window.showTextDocument(Uri.file(runLog(path)));
}

function logActions(path: string): string[] {
  return existsSync(runLog(path)) ? ['Show Log'] : [];
}

/** Tells the user how trainings end, and that they go on without their terminal. */
export const trainingMessages: TrainingListener = {
  onEnded: (lineage, code) => void tellEnd(lineage, code),
  onLeft: (lineage, training) => void offerToStop(lineage, training),
};

async function tellEnd(lineage: string, code: number): Promise<void> {
  const name = lineageName(lineage);
  if (code === 0) {
    const choice = await showInformationMessage(`The round of ${name} is fine-tuned.`, 'Compare Rounds');
    if (choice !== undefined) await commands.executeCommand('modelRebase.compareRounds', Uri.file(lineage));
    return;
  }
  const message = `The round of ${name} did not end with a model (exit code ${code}). Run it again to go on with what the command wrote.`;
  const choice = await showErrorMessage(message, ...logActions(lineage));
  if (choice !== undefined) await window.showTextDocument(Uri.file(runLog(lineage)));
}

async function offerToStop(lineage: string, training: TrainingProcess): Promise<void> {
  const choice = await showInformationMessage(
    `Fine-tuning ${lineageName(lineage)} goes on without its terminal.`,
    'Stop It',
    ...logActions(lineage),
  );
  if (choice === 'Stop It') await training.stop();
  if (choice === 'Show Log') await window.showTextDocument(Uri.file(runLog(lineage)));
}
