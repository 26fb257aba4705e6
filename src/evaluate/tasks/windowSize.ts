import type { Finding } from '../../checkpoint/index.js';
import type { TaskSettings } from './task.js';
import { TaskSettingsError } from './taskSettingsError.js';

const defaultWindow = 512;

/** How running text is cut. All in tokens. */
export interface WindowSize {
  /** Longest sequence, its leading token included. At least 2. */
  readonly window: number;
  /** New tokens of every window but the first: 1 to `window − 1`. */
  readonly stride: number;
}

/**
 * The settings that hold: what is asked for, within what the models can read.
 * @throws TaskSettingsError when they are not whole numbers in range
 */
export function windowSize(settings: TaskSettings): WindowSize {
  const { stride, contextLength } = settings;
  const longest = contextLength ?? Infinity;
  const wanted = settings.window ?? Math.min(defaultWindow, longest);
  checkWhole('window', wanted, 2, Infinity, 'a token that is read and one that is scored');
  if (stride !== null) checkWhole('stride', stride, 1, wanted, 'more would leave tokens unscored');
  const window = Math.min(wanted, longest);
  return { window, stride: Math.min(stride ?? window, window - 1) };
}

/** @throws TaskSettingsError */
export function checkLimit({ limit }: TaskSettings): void {
  if (limit !== null) checkWhole('limit', limit, 1, Infinity, 'nothing would be scored');
}

/** Says so where windows are shorter than asked for. */
export function windowFindings({ window: wanted, contextLength }: TaskSettings, { window, stride }: WindowSize): Finding[] {
  if (wanted === null || wanted === window) return [];
  const message = `Windows of ${wanted} tokens were asked for, but the models read at most ${contextLength ?? window}: windows of ${window} tokens with ${stride} new ones are used.`;
  return [{ severity: 'warning', code: 'window-shortened', message }];
}

function checkWhole(name: string, value: number, least: number, most: number, reason: string): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new TaskSettingsError(`The ${name} must be a whole number ${range} (${reason}). Found ${value}.`);
}
