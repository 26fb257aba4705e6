/** Scores combinations of checkpoints without writing them: architectures, layer-streamed forward pass, tasks. */
export * from './report/index.js';
export * from './request.js';
export type * from './plan.js';
