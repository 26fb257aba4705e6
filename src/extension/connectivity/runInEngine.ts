import type { OutputChannel } from 'vscode';
import { visibleText } from '../../base/visibleText.js';
import type { Engine } from '../kit/engineService.js';
import { ProgressNotice } from '../kit/progressNotice.js';
import type { RunConnectivity } from './connectivitySession.js';
import { describeScoring } from './describeScoring.js';

/** Scores in the engine, with a notification that can cancel it. What an outside command prints goes to `output`. */
export function runInEngine(engine: Engine, output: OutputChannel): RunConnectivity {
  return async (title, request, job, onProgress) => {
    const notice = new ProgressNotice(`Scoring ${title}`, () => job.abort());
    try {
      return await engine.request('connectivity/run', request, {
        signal: job.signal,
        onProgress: (progress) => {
          if (progress.output !== undefined) output.appendLine(visibleText(progress.output.text));
          onProgress(progress);
          notice.report(describeScoring(progress));
        },
      });
    } finally {
      notice.close();
    }
  };
}
