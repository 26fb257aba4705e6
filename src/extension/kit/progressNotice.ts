import { type Progress as NotificationProgress, ProgressLocation, window } from 'vscode';
import type { Progress } from '../../webview/messages.js';
import { noticeText } from './shownText.js';

/** A job shorter than this is seen in its panel alone. */
const delayMilliseconds = 600;

/** A progress notification with a cancel button that appears only when the job takes long enough to be noticed. */
export class ProgressNotice {
  private readonly timer: NodeJS.Timeout;
  private notification: NotificationProgress<{ message: string; increment: number }> | undefined;
  private shownPercent = 0;
  private latest: Progress = { fraction: 0, message: '' };
  private end: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  constructor(
    private readonly title: string,
    private readonly cancel: () => void,
  ) {
    this.timer = setTimeout(() => this.show(), delayMilliseconds);
  }

  report(progress: Progress): void {
    this.latest = progress;
    const percent = progress.fraction * 100;
    this.notification?.report({ message: noticeText(progress.message), increment: Math.max(0, percent - this.shownPercent) });
    if (this.notification !== undefined) this.shownPercent = percent;
  }

  close(): void {
    clearTimeout(this.timer);
    this.end();
  }

  private show(): void {
    const options = { location: ProgressLocation.Notification, title: noticeText(this.title), cancellable: true };
    void window.withProgress(options, (notification, token) => {
      token.onCancellationRequested(this.cancel);
      this.notification = notification;
      this.report(this.latest);
      return this.ended;
    });
  }
}
