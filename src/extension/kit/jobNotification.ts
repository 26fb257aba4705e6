import { type CancellationToken, type Progress, ProgressLocation, window } from 'vscode';
import type { JobProgress } from '../../engine/protocol.js';
import { describeProgress } from './describeProgress.js';
import { noticeText } from './shownText.js';

/** Phases that come before the work itself: their bytes do not move the bar. */
const preparations = ['hashing inputs', 'checking what is there'];

/** What a job needs of its notification. */
export interface JobHandle {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Runs a job with a notification that shows rate and time left, and cancels the job. */
export async function withJobNotification<Result>(title: string, job: (handle: JobHandle) => Promise<Result>): Promise<Result> {
  const options = { location: ProgressLocation.Notification, title: noticeText(title), cancellable: true };
  return window.withProgress(options, (notification, token) => job({ signal: signalOf(token), onProgress: reporterTo(notification) }));
}

/** A signal that aborts when the token is cancelled. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

function reporterTo(notification: Progress<{ message: string; increment: number }>): (progress: JobProgress) => void {
  let shown = 0;
  return (progress) => {
    const { fraction, message } = describeProgress(progress);
    const isPreparation = preparations.includes(progress.phase ?? '');
    const percent = isPreparation ? shown : Math.max(shown, fraction * 100);
    notification.report({ message: isPreparation ? `${progress.phase ?? ''}: ${message}` : message, increment: percent - shown });
    shown = percent;
  };
}
