import { EventEmitter } from 'vscode';
import type { Progress, RoundsPanelState } from '../../../webview/index.js';
import type { RequestOptions } from '../../../engine/client.js';
import { defaultCacheFolder } from '../../connectivity/connectivityRoom.js';
import { DisposableOwner } from '../../kit/disposable.js';
import type { Engine } from '../../kit/engineService.js';
import { messageOf } from '../../../base/errors.js';
import { describeProgress } from '../../kit/describeProgress.js';
import { ProgressNotice } from '../../kit/progressNotice.js';
import type { RoundsReport } from '../lineageRoom.js';
import { lineageName } from '../view/words.js';

/** The rounds of some lineages, and the job that measures them. What was measured stays when a job is cancelled or fails. */
export class RoundsSession extends DisposableOwner {
  private readonly stateChanged = this.register(new EventEmitter<RoundsPanelState>());
  private readonly progressed = this.register(new EventEmitter<Progress>());
  private activity: RoundsPanelState['activity'] = { kind: 'idle' };
  private job: AbortController | undefined;

  readonly onDidChangeState = this.stateChanged.event;
  readonly onDidProgress = this.progressed.event;

  constructor(
    private readonly paths: readonly string[],
    private readonly engine: Engine,
    private current: RoundsReport | null,
  ) {
    super();
  }

  get report(): RoundsReport | null {
    return this.current;
  }

  get state(): RoundsPanelState {
    return { title: titleOf(this.paths), report: this.current, activity: this.activity };
  }

  /** Reads the lineages again. One job at a time. */
  measure(): Promise<void> {
    return this.run('Measuring diff vectors', (handle) => this.compare(handle));
  }

  /** Scores every model of every release, and then measures. Results that are known are not computed again. */
  score(): Promise<void> {
    return this.run('Scoring', async (handle) => {
      for (const path of this.paths) {
        const { releases } = await this.engine.request('recycle/status', { path }, handle);
        const request = { path, cacheFolder: defaultCacheFolder() };
        for (const { name } of releases) await this.engine.request('recycle/score', { ...request, release: name }, handle);
      }
      await this.compare(handle);
    });
  }

  private async compare(handle: RequestOptions): Promise<void> {
    this.current = await this.engine.request('recycle/compare', { paths: this.paths }, handle);
  }

  private async run(what: string, work: (handle: RequestOptions) => Promise<void>): Promise<void> {
    if (this.job !== undefined) return;
    const job = (this.job = new AbortController());
    const notice = new ProgressNotice(`${what}: ${titleOf(this.paths)}`, () => job.abort());
    this.show({ kind: 'running', progress: { fraction: 0, message: 'reading headers' } });
    try {
      await work({ signal: job.signal, onProgress: (progress) => this.tell(describeProgress(progress), notice) });
      this.show({ kind: 'idle' });
    } catch (error) {
      this.show(job.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', message: messageOf(error) });
    } finally {
      this.job = undefined;
      notice.close();
    }
  }

  cancel(): void {
    this.job?.abort();
  }

  override dispose(): void {
    this.cancel();
    super.dispose();
  }

  private tell(progress: Progress, notice: ProgressNotice): void {
    notice.report(progress);
    if (this.isDisposed) return;
    this.activity = { kind: 'running', progress };
    this.progressed.fire(progress);
  }

  private show(activity: RoundsPanelState['activity']): void {
    this.activity = activity;
    if (!this.isDisposed) this.stateChanged.fire(this.state);
  }
}

/** `Rounds of llama, llama-plain`. */
export function titleOf(paths: readonly string[]): string {
  return `Rounds of ${paths.map(lineageName).join(', ')}`;
}
