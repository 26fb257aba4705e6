/** The background process: typed protocol, jobs, progress, cancel. `client.ts` is what the extension uses; the CLI runs `jobs` itself. */
export { EngineClient, EngineError, type EngineClientOptions, type EngineDeath, type RequestOptions } from './client.js';
export { jobs, type JobContext, type Jobs } from './jobs.js';
export * from './protocol.js';
