/** How the loss runs between model versions: paths, λ sweeps, transfer matrices and planes over combinations. */
export type * from './context.js';
export { farthestPosition, mostLinePoints } from './line/grid.js';
export { combinationAt } from './line/linePath.js';
export { barrierTolerance, fewestItems } from './line/judgeRises.js';
export type * from './plan.js';
export { parseMatrixFile, type MatrixFile } from './matrix/matrixFile.js';
export { combinationOn, mostPerAxis } from './plane/runPlane.js';
export * from './report/index.js';
export type * from './request.js';
export { planConnectivity, runConnectivity } from './runConnectivity.js';
