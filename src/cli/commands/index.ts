import type { Command } from '../command.js';
import { combineCommand } from './combine.js';
import { deltaCommand } from './delta.js';
import { diffCommand } from './diff.js';
import { inspectCommand } from './inspect.js';
import { transferCommand } from './transfer.js';
import { verifyCommand } from './verify.js';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [inspectCommand, diffCommand, transferCommand, deltaCommand, combineCommand, verifyCommand];
