/** Scores that a command of the user's gives to checkpoints: written for it one at a time, removed afterwards. */
export { formatCommandLine, parseCommandLine } from './commandLine.js';
export type { OutputLine } from './commandOutput.js';
export { fillPlaceholders } from './fillCommand.js';
export { requireProgram, type CommandPlace } from './findProgram.js';
export { OutsideCommandError, withLastLines } from './outsideCommandError.js';
export { outsideTask } from './outsideTask.js';
export { endBySignal } from './processGroup.js';
export { runOutsideCommand, type OutsideRun } from './runOutsideCommand.js';
export { runProcess, type ProcessEnd, type ProcessOptions } from './runProcess.js';
export { scoreOutside, type OutsideContext, type OutsideProgress, type OutsideRequest } from './scoreOutside.js';
export { parseValuePath } from './valuePath.js';
