import type { AllowedFolders } from '../base/allowedFolders.js';
import type { EngineMethod, EngineRequests, JobProgress } from './protocol.js';

/** What every job gets besides its parameters. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly report: (progress: JobProgress) => void;
  /** Where paths may lead that the job reads out of files; anywhere when left out. Paths of a request are the user's own. */
  readonly allowedFolders?: AllowedFolders;
}

/** A job for each request of the protocol. */
export type Jobs = {
  readonly [Method in EngineMethod]: (
    params: EngineRequests[Method]['params'],
    context: JobContext,
  ) => Promise<EngineRequests[Method]['result']>;
};
