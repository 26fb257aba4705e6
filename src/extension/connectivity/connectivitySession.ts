import { EventEmitter } from 'vscode';
import { addressExists } from '../../checkpoint/index.js';
import type { JobProgress } from '../../engine/protocol.js';
import { type ConnectivityPanelState, type Progress, type RunActivity, shownRun } from '../../webview/index.js';
import { DisposableOwner } from '../kit/disposable.js';
import { chosenByUser, type PathOrigin } from '../kit/namedPaths.js';
import { messageOf } from '../../base/errors.js';
import type { ConnectivityRequest, ConnectivityRun } from './connectivityRoom.js';
import { describeScoring } from './describeScoring.js';

/** Scores a request; rejects when `job` is aborted, which it may also do itself. `onProgress` brings partial runs. */
export type RunConnectivity = (
  title: string,
  request: ConnectivityRequest,
  job: AbortController,
  onProgress: (progress: JobProgress) => void,
) => Promise<ConnectivityRun>;

const starting: Progress = { fraction: 0, message: 'reading headers and texts' };

/** What is known when a session begins. */
export interface KnownRun {
  readonly run?: ConnectivityRun | undefined;
  /** What was asked for last, before the window was reloaded. */
  readonly request?: ConnectivityRequest | undefined;
}

/**
 * One run that a panel shows, and the runs laid over it. What was found stays when a job is cancelled or fails. Knows
 * nothing of webviews. Disposing it cancels its job.
 */
export class ConnectivitySession extends DisposableOwner {
  private readonly stateChanged = this.register(new EventEmitter<ConnectivityPanelState>());
  private readonly progressed = this.register(new EventEmitter<Progress>());
  private activity: RunActivity;
  private current: ConnectivityRun | undefined;
  private overlays: readonly ConnectivityRun[] = [];
  private job: AbortController | undefined;
  private latestRequest: ConnectivityRequest | undefined;

  readonly onDidChangeState = this.stateChanged.event;
  readonly onDidProgress = this.progressed.event;

  constructor(
    private readonly proposedTitle: string,
    private readonly runConnectivity: RunConnectivity,
    { run, request }: KnownRun = {},
    private readonly origin: PathOrigin = chosenByUser,
  ) {
    super();
    [this.current, this.latestRequest] = [run, request];
    // A job that ended with its window left nothing to show, but can be gone on with.
    this.activity = { kind: run === undefined && request !== undefined ? 'cancelled' : 'idle' };
  }

  get title(): string {
    return this.current?.title ?? this.proposedTitle;
  }

  /** As far as it is known. */
  get run(): ConnectivityRun | undefined {
    return this.current;
  }

  /** What was asked for last in this session. */
  get request(): ConnectivityRequest | undefined {
    return this.latestRequest;
  }

  /** Where the models are; empty before they are known. */
  private get modelPaths(): readonly string[] {
    return (this.current ?? this.latestRequest)?.inputs.map(({ path }) => path) ?? [];
  }

  /** Models whose coming and going can be watched: all, or none where they may not be looked at. */
  get watchablePaths(): readonly string[] {
    return this.origin.obstacle(this.modelPaths) === null ? this.modelPaths : [];
  }

  /** Before anything is done with what the run names. @throws PathRefusedError where that may not be looked at */
  requirePaths(): void {
    const tasks = this.current?.tasks.flatMap(({ kind, path }) => (kind === 'outside' ? [] : [path])) ?? [];
    this.origin.require([...this.modelPaths, ...tasks]);
  }

  get state(): ConnectivityPanelState {
    const { title, current, activity, overlays } = this;
    const obstacle = this.obstacle();
    return { title, run: current === undefined ? null : shownRun(current), activity, overlays: overlays.map(shownRun), obstacle };
  }

  /** The run of a panel's number: null for its own. @throws Error when there is none */
  runOf(overlay: number | null): ConnectivityRun {
    const run = overlay === null ? this.current : this.overlays[overlay];
    if (run === undefined) throw new Error('There is no such run in this panel.');
    return run;
  }

  private obstacle(): string | null {
    const { modelPaths } = this;
    return this.origin.obstacle(modelPaths) ?? (modelPaths.every(addressExists) ? null : 'The models are no longer there.');
  }

  /** Scores a request instead of what runs already. Ends when that ended, in whatever way. */
  async start(request: ConnectivityRequest): Promise<void> {
    this.job?.abort();
    const job = new AbortController();
    [this.job, this.latestRequest] = [job, request];
    this.setActivity({ kind: 'running', progress: starting });
    try {
      const run = await this.runConnectivity(this.title, request, job, (progress) => this.progress(job, progress));
      if (this.job === job) this.current = run;
      this.end(job, { kind: 'idle' });
    } catch (error) {
      this.end(job, job.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', message: messageOf(error) });
    }
  }

  cancel(): void {
    this.job?.abort();
  }

  /** Tells the state anew, with whether the models are there. */
  lookForModels(): void {
    this.changed();
  }

  addOverlay(run: ConnectivityRun): void {
    this.overlays = [...this.overlays, run];
    this.changed();
  }

  removeOverlay(overlay: number): void {
    this.overlays = this.overlays.filter((_, index) => index !== overlay);
    this.changed();
  }

  override dispose(): void {
    this.cancel();
    this.job = undefined;
    super.dispose();
  }

  private progress(job: AbortController, { run, ...progress }: JobProgress): void {
    if (this.job !== job || this.activity.kind !== 'running') return;
    const shown = describeScoring(progress);
    this.activity = { kind: 'running', progress: shown };
    if (run === undefined) {
      this.progressed.fire(shown);
      return;
    }
    this.current = run;
    this.changed();
  }

  private end(job: AbortController, activity: RunActivity): void {
    if (this.job === job) this.setActivity(activity);
  }

  private setActivity(activity: RunActivity): void {
    this.activity = activity;
    this.changed();
  }

  private changed(): void {
    if (!this.isDisposed) this.stateChanged.fire(this.state);
  }
}
