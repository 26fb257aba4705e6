/** The background process: typed protocol, jobs, progress, cancel. `client.ts` is what the extension uses; the CLI runs `jobs` itself. */
export { EngineClient, EngineError, type EngineClientOptions, type EngineDeath, type RequestOptions } from './client.js';
export type { JobContext, Jobs } from './job.js';
export { jobs } from './jobs.js';
export * from './protocol.js';
