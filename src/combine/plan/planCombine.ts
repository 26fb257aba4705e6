import { resolve } from 'node:path';
import type { CombinePlan, PlannedFile } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { diskRefusals, freeDiskAt, outputRefusals } from './checkOutput.js';
import { checkRequest } from './checkRequest.js';
import { modelCard } from './modelCard.js';
import { openInputs } from './openInputs.js';
import { takeAdapters } from './takeAdapters.js';
import { cardFile, filesByteLength } from './outputFiles.js';
import { planModel, type ModelPlan } from './planModel.js';

/**
 * Decides everything about a combination before a weight is read: per tensor what happens and why, the output's files
 * and bytes, memory and disk. What prevents the run is in `refusals`, never an exception, so that it can be shown.
 * Reads headers, small JSON files, and integer tensors of at most 4 MiB.
 * @throws FormatError, FileAccessError when an input cannot be opened; PatternError, Error for a request that
 * contradicts itself; the signal's reason when aborted
 */
export async function planCombine(request: CombineRequest, signal?: AbortSignal): Promise<CombinePlan> {
  checkRequest(request);
  const inputs = takeAdapters(request.combination, await openInputs(request, signal));
  const model = { ...(await planModel(request, inputs, 'kept', signal)), output: resolve(request.output) };
  const files = [...model.files, cardFile(modelCard(model, inputs))];
  const { freeDisk, refusals } = await judgePlace(model, files);
  return { ...model, files, freeDisk, refusals: [...model.refusals, ...refusals] };
}

async function judgePlace(
  { request, inputs, writeByteLength }: ModelPlan,
  files: readonly PlannedFile[],
): Promise<Pick<CombinePlan, 'freeDisk' | 'refusals'>> {
  const freeDisk = await freeDiskAt(request.output);
  const needed = writeByteLength + (await filesByteLength(files));
  return { freeDisk, refusals: [...(await outputRefusals(request, inputs)), ...(await diskRefusals(request, needed, freeDisk))] };
}
