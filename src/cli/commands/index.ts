import type { Command } from '../command.js';
import { changedCommand } from './changed.js';
import { combineCommand } from './combine.js';
import { curveCommand } from './curve.js';
import { deltaCommand } from './delta.js';
import { diffCommand } from './diff.js';
import { evaluateCommand } from './evaluate.js';
import { inspectCommand } from './inspect.js';
import { matrixCommand } from './matrix.js';
import { mcpCommand } from './mcp.js';
import { planeCommand } from './plane.js';
import { recycleAddCommand } from './recycleAdd.js';
import { recycleCompareCommand } from './recycleCompare.js';
import { recycleInitCommand } from './recycleInit.js';
import { recycleNextCommand } from './recycleNext.js';
import { recycleRecordCommand } from './recycleRecord.js';
import { recycleRunCommand } from './recycleRun.js';
import { recycleStatusCommand } from './recycleStatus.js';
import { sweepCommand } from './sweep.js';
import { transferCommand } from './transfer.js';
import { verifyCommand } from './verify.js';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  inspectCommand,
  diffCommand,
  changedCommand,
  transferCommand,
  deltaCommand,
  combineCommand,
  verifyCommand,
  evaluateCommand,
  curveCommand,
  sweepCommand,
  matrixCommand,
  planeCommand,
  recycleInitCommand,
  recycleAddCommand,
  recycleStatusCommand,
  recycleNextCommand,
  recycleRunCommand,
  recycleRecordCommand,
  recycleCompareCommand,
  mcpCommand,
];
