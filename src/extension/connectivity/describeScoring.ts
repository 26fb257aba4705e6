import { formatSeconds } from '../../base/format.js';
import type { JobProgress } from '../../engine/protocol.js';
import type { Progress } from '../../webview/messages.js';

/** Progress of a run as panels and notifications show it: `scoring: layer 12 · 41% · 8.05 s left`. */
export function describeScoring({ doneBytes, totalBytes, bytesPerSecond, phase }: JobProgress): Progress {
  const fraction = totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes);
  const left = bytesPerSecond > 0 ? [`${formatSeconds((totalBytes - doneBytes) / bytesPerSecond)} left`] : [];
  return { fraction, message: [phase ?? 'reading', `${Math.floor(fraction * 100)}%`, ...left].join(' · ') };
}
