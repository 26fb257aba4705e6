import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import type { Engine } from '../kit/engineService.js';
import { EngineError } from '../../engine/client.js';
import { messageOf } from '../../base/errors.js';
import { readWorkers } from '../kit/settings.js';
import { type CombinePlan, type Manifest, partialPath } from './combineRoom.js';
import { withJobNotification } from '../kit/jobNotification.js';
import { showErrorMessage, showInformationMessage } from '../kit/notices.js';

const resumeNow = 'Resume';
const removeWritten = 'Remove What Is Written';

/** Runs plans in the engine. What a cancelled or failed run leaves is kept until the user resumes or removes it. */
export class PlanRunner {
  private readonly running = new Set<string>();

  constructor(
    private readonly engine: Engine,
    private readonly library: Pick<CheckpointLibrary, 'refresh'>,
  ) {}

  /**
   * @param resume Resume an unfinished run instead of starting.
   * @param replace Remove an unfinished run first.
   * @returns the manifest, or null when the run was cancelled or failed and the user knows it
   */
  async run(plan: CombinePlan, { resume, replace }: { readonly resume: boolean; readonly replace: boolean }): Promise<Manifest | null> {
    if (replace) await this.discard(plan);
    for (let isResumed = resume; ; isResumed = true) {
      const end = await this.alone(plan, () => this.runOnce(plan, isResumed));
      if (end.kind === 'done') return end.manifest;
      void this.library.refresh();
      const choice = await askWhatNext(plan, end);
      if (choice === removeWritten) await this.discard(plan);
      if (choice !== resumeNow) return null;
    }
  }

  /** Removes what an unfinished run has written. */
  async discard(plan: Pick<CombinePlan, 'output'>): Promise<void> {
    await this.alone(plan, () => this.engine.request('combine/discard', { plan }));
    await this.library.refresh();
  }

  /** Questions about a run may stay unanswered for hours: meanwhile its output is free. @throws Error while it is being written */
  private async alone<Result>({ output }: Pick<CombinePlan, 'output'>, work: () => Promise<Result>): Promise<Result> {
    if (this.running.has(output)) throw new Error(`${output} is being written already.`);
    this.running.add(output);
    try {
      return await work();
    } finally {
      this.running.delete(output);
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
      if (isCancelled()) return { kind: 'cancelled' };
      return { kind: 'failed', message: messageOf(error), isOwnedByOthers: isOwnedByOthers(error) };
    }
  }
}

type RunEnd =
  | { readonly kind: 'done'; readonly manifest: Manifest }
  | { readonly kind: 'cancelled' }
  /** What lies there may be another process's, to be neither resumed nor removed. */
  | { readonly kind: 'failed'; readonly message: string; readonly isOwnedByOthers: boolean };

function isOwnedByOthers(error: unknown): boolean {
  return error instanceof EngineError && (error.kind === 'PlaceOwnedError' || error.kind === 'OwnershipLostError');
}

/** No dialog, which would have the focus on one of its answers: to leave what is written as it is needs no answer. */
async function askWhatNext({ output }: CombinePlan, end: Exclude<RunEnd, { kind: 'done' }>): Promise<string | undefined> {
  const partial = partialPath(output);
  const isKept = existsSync(partial) && !(end.kind === 'failed' && end.isOwnedByOthers);
  if (end.kind === 'failed') return showErrorMessage(end.message, ...(isKept ? [resumeNow, removeWritten] : []));
  if (!isKept) return undefined;
  const message = `Writing ${basename(output)} was cancelled. What is written so far is kept in ${basename(partial)}.`;
  return showInformationMessage(message, resumeNow, removeWritten);
}
