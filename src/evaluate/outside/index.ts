export { fillPlaceholders } from './fillCommand.js';
export { outsideTask } from './outsideTask.js';
export { runOutsideCommand, type OutsideRun } from './runOutsideCommand.js';
export { scoreOutside, type OutsideContext, type OutsideProgress, type OutsideRequest } from './scoreOutside.js';
export { parseValuePath } from './valuePath.js';
