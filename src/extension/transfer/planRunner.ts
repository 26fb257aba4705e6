import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Engine } from '../kit/engineService.js';
import { messageOf } from '../../base/errors.js';
import { readWorkers } from '../kit/settings.js';
import { type CombinePlan, type Manifest, partialPath } from './combineRoom.js';
import { withJobNotification } from '../kit/jobNotification.js';
import { showErrorMessage, showInformationMessage } from '../kit/notices.js';

/** Runs plans in the engine. What a cancelled or failed run leaves is kept, resumed or removed as the user says. */
export class PlanRunner {
  private readonly outputs = new Set<string>();

  constructor(private readonly engine: Engine) {}

  /**
   * @param resume Go on with an unfinished run instead of starting.
   * @param replace Remove an unfinished run first.
   * @returns the manifest, or null when the run was cancelled or failed and the user knows it
   */
  async run(plan: CombinePlan, { resume, replace }: { readonly resume: boolean; readonly replace: boolean }): Promise<Manifest | null> {
    if (this.outputs.has(plan.output)) throw new Error(`${plan.output} is being written already.`);
    this.outputs.add(plan.output);
    try {
      if (replace) await this.engine.request('combine/discard', { plan });
      return await this.runUntilSettled(plan, resume);
    } finally {
      this.outputs.delete(plan.output);
    }
  }

  private async runUntilSettled(plan: CombinePlan, resume: boolean): Promise<Manifest | null> {
    for (let isResumed = resume; ; isResumed = true) {
      const end = await this.runOnce(plan, isResumed);
      if (end.kind === 'done') return end.manifest;
      const goesOn = end.kind === 'cancelled' ? await this.settleCancelled(plan) : await this.settleFailed(plan, end.message);
      if (!goesOn) return null;
    }
  }

  private async runOnce(plan: CombinePlan, resume: boolean): Promise<RunEnd> {
    const options = { workers: readWorkers(), sync: true, resume, overwrite: false, keepPartial: true, hashInputs: false };
    let isCancelled = (): boolean => false;
    try {
      const manifest = await withJobNotification(`Writing ${basename(plan.output)}`, ({ signal, onProgress }) => {
        isCancelled = () => signal.aborted;
        return this.engine.request('combine/run', { plan, options }, { signal, onProgress });
      });
      return { kind: 'done', manifest };
    } catch (error) {
      return isCancelled() ? { kind: 'cancelled' } : { kind: 'failed', message: messageOf(error) };
    }
  }

  /** @returns whether to go on after all */
  private async settleCancelled(plan: CombinePlan): Promise<boolean> {
    const partial = partialPath(plan.output);
    if (!existsSync(partial)) return false;
    const remove = { title: 'Remove' };
    const keep = { title: 'Keep to Resume Later', isCloseAffordance: true };
    const detail = `What is written so far lies in ${partial}.`;
    const choice = await showInformationMessage(
      `Writing ${basename(plan.output)} was cancelled. Remove what is written so far?`,
      { modal: true, detail },
      remove,
      keep,
    );
    if (choice === remove) {
      await this.engine.request('combine/discard', { plan });
      return false;
    }
    return (
      (await showInformationMessage(`${basename(partial)} is kept. To resume, choose the same models and folder again.`, 'Resume Now')) !==
      undefined
    );
  }

  /** @returns whether to try again from where the run stopped */
  private async settleFailed(plan: CombinePlan, message: string): Promise<boolean> {
    if (!existsSync(partialPath(plan.output))) {
      void showErrorMessage(message);
      return false;
    }
    const choice = await showErrorMessage(message, 'Resume', 'Keep to Resume Later', 'Remove What Is Written');
    if (choice === 'Remove What Is Written') await this.engine.request('combine/discard', { plan });
    return choice === 'Resume';
  }
}

type RunEnd =
  | { readonly kind: 'done'; readonly manifest: Manifest }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };
