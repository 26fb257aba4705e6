import type { JobProgress } from '../../engine/protocol.js';
import type { Progress } from '../../webview/messages.js';
import { formatBytes, formatSeconds } from '../../base/format.js';

/** Progress as panels and notifications show it: `1.20 GB of 16.0 GB · 2.10 GB/s · 7.05 s left`. */
export function describeProgress({ doneBytes, totalBytes, bytesPerSecond }: JobProgress): Progress {
  const fraction = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const parts = [`${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`];
  if (bytesPerSecond > 0) {
    parts.push(`${formatBytes(bytesPerSecond)}/s`);
    parts.push(`${formatSeconds((totalBytes - doneBytes) / bytesPerSecond)} left`);
  }
  return { fraction, message: parts.join(' · ') };
}
