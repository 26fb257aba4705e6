import { basename } from 'node:path';
import { commands, type Disposable } from 'vscode';
import { formatBytes } from '../../base/format.js';
import type { PartialNode } from '../checkpoints/nodes.js';
import { showErrorMessage, showInformationMessage, showWarningMessage } from '../kit/notices.js';
import { registerCommand } from '../kit/registerCommand.js';
import { readWorkers } from '../kit/settings.js';
import { carryOut, type WritingServices } from './carryOut.js';
import { type KeptPartial, partialPath } from './combineRoom.js';
import { askToResume } from './wizard/reviewStep.js';

/** Plans anew what was asked for, and lets the user read the plan: the request lies in a folder that somebody else may have written. */
async function resume({ output, request }: KeptPartial, services: WritingServices): Promise<void> {
  if (request === null) return tellHowToResume(output);
  const plan = await services.engine.request('combine/plan', { ...request, workers: readWorkers() });
  await services.pages.showPlan(plan);
  const [refusal] = plan.refusals;
  if (refusal !== undefined) {
    void showErrorMessage(`${basename(output)} cannot be resumed: ${refusal.message}`);
    return;
  }
  const decision = await askToResume(plan);
  if (decision !== undefined) await carryOut({ plan, replace: decision === 'restart' }, services);
}

async function tellHowToResume(output: string): Promise<void> {
  const transfer = 'Transfer Fine-tuning…';
  const message = `${basename(partialPath(output))} does not say what it was made of. To resume it, choose the same models and ${output} again.`;
  if ((await showInformationMessage(message, transfer)) === transfer) await commands.executeCommand('modelRebase.transfer');
}

async function remove({ output, byteLength }: KeptPartial, { runner }: WritingServices): Promise<void> {
  const message = `Remove what is written of ${basename(output)}?`;
  const detail = `${formatBytes(byteLength)} in ${partialPath(output)} would have to be computed again.`;
  const choice = await showWarningMessage(message, { modal: true, detail }, 'Remove');
  if (choice === 'Remove') await runner.discard({ output });
}

/** Resume and Remove, of outputs that were begun and that nobody writes. */
export function registerUnfinishedCommands(services: WritingServices): Disposable[] {
  return [
    registerCommand('resumeUnfinished', ({ partial }: PartialNode) => resume(partial, services)),
    registerCommand('removeUnfinished', ({ partial }: PartialNode) => remove(partial, services)),
  ];
}
