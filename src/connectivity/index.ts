/** How the loss runs between model versions: paths, λ sweeps, transfer matrices and planes over combinations. */
export * from './report/index.js';
export type * from './request.js';
export type * from './plan.js';
