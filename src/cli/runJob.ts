import type { EngineMethod, EngineRequests, JobProgress } from '../engine/index.js';
import { jobs } from '../engine/jobs.js';
import type { Io } from './io.js';
import { ProgressBar } from './progressBar.js';
import { ProgressLines } from './progressLines.js';
import { visibleText } from '../base/visibleText.js';

/**
 * Runs a job in this process until it is done or interrupted. Its progress goes to stderr, as do the lines that an
 * external command prints.
 * @param onProgress also gets everything that the job reports
 */
export async function runJob<Method extends EngineMethod>(
  method: Method,
  params: EngineRequests[Method]['params'],
  io: Io,
  onProgress: (progress: JobProgress) => void = () => undefined,
): Promise<EngineRequests[Method]['result']> {
  const shown = io.interactive ? new ProgressBar(io) : new ProgressLines(io.stderr);
  const report = (progress: JobProgress): void => {
    onProgress(progress);
    if (progress.output === undefined) shown.update(progress);
    else shown.print(`${visibleText(progress.output.text)}\n`);
  };
  try {
    return await jobs[method](params, { signal: io.signal, report });
  } finally {
    shown.end();
  }
}
