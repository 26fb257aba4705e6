import { ErrorCodes, ResponseError, type CancellationToken } from 'vscode-jsonrpc/node';
import type { JobContext } from './job.js';
import { jobs } from './jobs.js';
import type { EngineMethod, EngineRequests, JobProgress } from './protocol.js';
import { progressNotification, type Connection, type Envelope, type ErrorData } from './rpc.js';
import { messageOf } from '../base/errors.js';

/** A job whose method is known only at run time; `EngineClient` types what goes in and out. */
type AnyJob = (params: EngineRequests[EngineMethod]['params'], context: JobContext) => Promise<EngineRequests[EngineMethod]['result']>;

/** Progress is sent at most this often, so that a fast job does not flood the client. */
const progressIntervalMs = 50;

/** Answers every engine method on `connection`. Errors of a job become error replies; the process goes on. */
export function serve(connection: Connection): void {
  for (const method of Object.keys(jobs) as EngineMethod[]) register(connection, method);
}

function register(connection: Connection, method: EngineMethod): void {
  const job = jobs[method] as AnyJob;
  connection.onRequest(method, async ({ job: id, params, allowedFolders }: Envelope<EngineMethod>, token: CancellationToken) => {
    try {
      return await job(params, { signal: abortSignalOf(token), report: progressSender(connection, id), allowedFolders });
    } catch (error) {
      return toResponseError(error);
    }
  });
}

function abortSignalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

function progressSender(connection: Connection, job: number): (progress: JobProgress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < progressIntervalMs && !mustArrive(progress)) return;
    last = now;
    connection.sendNotification(progressNotification, { job, progress }).catch(() => undefined); // nobody is left to tell
  };
}

/** The end of a job, and news that no later progress repeats. */
function mustArrive({ doneBytes, totalBytes, run, output }: JobProgress): boolean {
  return doneBytes >= totalBytes || run !== undefined || output !== undefined;
}

function toResponseError(error: unknown): ResponseError<ErrorData> {
  const name = error instanceof Error ? error.name : 'Error';
  return new ResponseError(ErrorCodes.InternalError, messageOf(error), { name });
}
