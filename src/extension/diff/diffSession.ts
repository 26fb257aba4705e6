import { EventEmitter } from 'vscode';
import { addressExists } from '../../checkpoint/index.js';
import type { DiffReport } from '../../compare/report/index.js';
import type { DiffRequest, JobProgress } from '../../engine/protocol.js';
import { type DiffPanelState, type DiffView, type Progress, toDiffView } from '../../webview/index.js';
import { DisposableOwner } from '../kit/disposable.js';
import { chosenByUser, type PathOrigin } from '../kit/namedPaths.js';
import { messageOf } from '../../base/errors.js';
import { modelNames } from '../modelName.js';
import { describeProgress } from '../kit/describeProgress.js';

/** Computes a report; rejects when `job` is aborted, which it may also do itself. */
export type RunDiff = (request: DiffRequest, job: AbortController, onProgress: (progress: JobProgress) => void) => Promise<DiffReport>;

/** Rules for names, in place of those of the settings. */
export type ChosenRules = Pick<DiffRequest['options'], 'prefixMap' | 'nameMap'>;

/** The two versions of a session. */
export interface DiffInputs {
  readonly a: string;
  readonly b: string;
}

/** `base-1 ↔ finetuned-1`. */
export function diffTitle({ a, b }: DiffInputs): string {
  return modelNames([a, b]).join(' ↔ ');
}

const starting: Progress = { fraction: 0, message: 'Reading headers' };

/**
 * One comparison that a panel shows: running, failed, cancelled or done. Knows nothing of webviews.
 * Disposing it cancels its job.
 */
export class DiffSession extends DisposableOwner {
  private readonly stateChanged = this.register(new EventEmitter<DiffPanelState>());
  private readonly progressed = this.register(new EventEmitter<Progress>());
  private job: AbortController | undefined;
  private current: DiffPanelState;
  private reportNow: DiffReport | undefined;
  private partialNow: DiffReport | undefined;
  private latestRun = Promise.resolve();

  readonly onDidChangeState = this.stateChanged.event;
  readonly onDidProgress = this.progressed.event;

  constructor(
    readonly inputs: DiffInputs,
    private readonly runDiff: RunDiff,
    saved?: DiffReport,
    private readonly origin: PathOrigin = chosenByUser,
  ) {
    super();
    this.current = this.runningState(starting);
    if (saved !== undefined) this.finish(saved);
  }

  get state(): DiffPanelState {
    return this.current;
  }

  /** The report, once there is one. */
  get report(): DiffReport | undefined {
    return this.reportNow;
  }

  /** The report, or what is known of it so far. */
  get shownReport(): DiffReport | undefined {
    return this.reportNow ?? this.partialNow;
  }

  get title(): string {
    return diffTitle(this.inputs);
  }

  /** Resolves when the latest run has ended, in whatever state. */
  get ended(): Promise<void> {
    return this.latestRun;
  }

  /** Runs the comparison, instead of one that runs already. Ends when it ended, in whatever state. */
  run(options: DiffRequest['options'], rules?: ChosenRules): Promise<void> {
    this.latestRun = this.runOnce(options, rules);
    return this.latestRun;
  }

  /** Before anything is done with the files. @throws PathRefusedError where they may not be looked at */
  requireInputs(): void {
    this.origin.require([this.inputs.a, this.inputs.b]);
  }

  /** Tells the state anew, with whether the files are there and may be looked at. */
  lookForInputs(): void {
    if (this.reportNow !== undefined) this.finish(this.reportNow);
  }

  cancel(): void {
    this.job?.abort();
  }

  override dispose(): void {
    this.cancel();
    this.job = undefined;
    super.dispose();
  }

  private async runOnce(options: DiffRequest['options'], rules: ChosenRules | undefined): Promise<void> {
    this.job?.abort();
    const job = new AbortController();
    this.job = job;
    const before = this.reportNow;
    this.reportNow = undefined;
    this.partialNow = undefined;
    this.setState(this.runningState(starting));
    const request = { ...this.inputs, options: { ...options, ...rules } };
    try {
      const report = await this.runDiff(request, job, (progress) => this.progress(job, progress));
      if (this.job === job) this.finish(report);
    } catch (error) {
      if (this.job === job) this.fail(error, job.signal, before);
    }
  }

  private get titles(): { readonly titleA: string; readonly titleB: string } {
    const [titleA = '', titleB = ''] = modelNames([this.inputs.a, this.inputs.b]);
    return { titleA, titleB };
  }

  private runningState(progress: Progress, partial: DiffView | null = null): DiffPanelState {
    return { kind: 'running', ...this.titles, progress, partial };
  }

  private progress(job: AbortController, told: JobProgress): void {
    if (this.job !== job || this.current.kind !== 'running') return;
    const progress = describeProgress(told);
    if (told.partial === undefined) {
      this.current = this.runningState(progress, this.current.partial);
      this.progressed.fire(progress);
    } else {
      this.partialNow = told.partial;
      this.setState(this.runningState(progress, this.named(toDiffView(told.partial))));
    }
  }

  private finish(report: DiffReport, remark: string | null = null): void {
    this.reportNow = report;
    this.partialNow = undefined;
    this.setState({ kind: 'done', view: this.named(toDiffView(report)), obstacle: this.obstacle(), remark });
  }

  /** Sides of one name are told apart as their tab does. */
  private named(view: DiffView): DiffView {
    if (view.a.name !== view.b.name) return view;
    const { titleA, titleB } = this.titles;
    return { ...view, a: { ...view.a, name: titleA }, b: { ...view.b, name: titleB } };
  }

  private obstacle(): string | null {
    const { a, b } = this.inputs;
    return this.origin.obstacle([a, b]) ?? (addressExists(a) && addressExists(b) ? null : 'The compared files are no longer there.');
  }

  /** A result of before is not lost. */
  private fail(error: unknown, signal: AbortSignal, before: DiffReport | undefined): void {
    if (before !== undefined) {
      const what = signal.aborted ? 'Comparing again was cancelled' : `Comparing again failed: ${messageOf(error)}`;
      this.finish(before, `${what}${what.endsWith('.') ? '' : '.'} This is the result of before.`);
    } else if (signal.aborted) this.setState({ kind: 'cancelled', ...this.titles });
    else this.setState({ kind: 'failed', ...this.titles, message: messageOf(error) });
  }

  private setState(state: DiffPanelState): void {
    this.current = state;
    if (!this.isDisposed) this.stateChanged.fire(state);
  }
}
