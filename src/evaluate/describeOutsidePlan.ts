import { formatBytes, plural } from '../base/format.js';
import type { OutsidePlan } from './plan.js';

/** What scoring with an outside command will do, in sentences. */
export function describeOutsidePlan({ command, runs, checkpointByteLength, folder }: OutsidePlan): string {
  if (runs === 0) return `All scores of ${command} are known from an interrupted run.`;
  return `Runs ${command} for ${plural(runs, 'model')}, one after the other. For it a checkpoint of up to ${formatBytes(checkpointByteLength)} is written to the temporary folder ${folder}, one at a time, and removed afterwards; models as they are need none.`;
}
