import type { Engine } from '../kit/engineService.js';
import { describeProgress } from '../kit/describeProgress.js';
import { diffTitle, type RunDiff } from './diffSession.js';
import { ProgressNotice } from '../kit/progressNotice.js';

/** Runs diffs in the engine, with a notification that can cancel them. */
export function runDiffWith(engine: Engine): RunDiff {
  return async (request, job, onProgress) => {
    const notice = new ProgressNotice(`Diff ${diffTitle(request)}`, () => job.abort());
    try {
      return await engine.request(
        'diff/run',
        { ...request, tellsPartial: true },
        {
          signal: job.signal,
          onProgress: (progress) => {
            onProgress(progress);
            notice.report(describeProgress(progress));
          },
        },
      );
    } finally {
      notice.close();
    }
  };
}
