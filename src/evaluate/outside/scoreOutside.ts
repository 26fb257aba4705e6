import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../checkpoint/index.js';
import { candidateChoices, combineRequest, OutputError, planCombine, runCombine, type CombinePlan } from '../../combine/index.js';
import type { OutsideScore } from '../report/index.js';
import type { CandidateRequest, EvaluateRequest, OutsideCommand } from '../request.js';
import type { OutputLine } from '../../base/process/commandOutput.js';
import { checkOutsideCommand } from './fillCommand.js';
import type { CommandPlace } from '../../base/process/findProgram.js';
import { OutsideCommandError } from '../../base/process/outsideCommandError.js';
import { runOutsideCommand } from './runOutsideCommand.js';
import { unchangedInput } from './unchangedInput.js';
import { useWorkFolder } from './workFolder.js';

export interface OutsideRequest extends Pick<EvaluateRequest, 'inputs' | 'candidates' | 'choices'> {
  readonly command: OutsideCommand;
  /** Worker threads that write; null: one per processor. */
  readonly workers: number | null;
}

/** Where a run over several candidates is. `phase` is `writing` only for candidates that have to be written. */
export interface OutsideProgress {
  readonly label: string;
  readonly phase: 'writing' | 'running';
  /** Bytes of this candidate's weights. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface OutsideContext extends CommandPlace {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: OutsideProgress) => void) | undefined;
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
  /** Called with each score as it is known, so that a run that ends early loses none. */
  readonly onScore?: ((candidate: number, score: OutsideScore) => Promise<void>) | undefined;
  /** Folder for the checkpoints, one at a time. Default: the system's temporary folder. */
  readonly temporaryRoot?: string | undefined;
}

/** A candidate with its plan, whose output lies in the run's temporary folder. */
interface PlannedCandidate extends CandidateRequest {
  readonly plan: CombinePlan;
}

/**
 * Scores candidates with a command of the user's, one after the other: each is written as a real checkpoint into a
 * temporary folder, scored and removed. A candidate that is one of the inputs is scored where it lies. Everything that can be
 * known before is checked before the first is written. On the disk there is one candidate at most, and nothing afterwards.
 * @returns scores in the order of the candidates
 * @throws OutsideCommandError, OutputError for a candidate that cannot be written, the signal's reason when aborted
 */
export async function scoreOutside(request: OutsideRequest, context: OutsideContext = {}): Promise<OutsideScore[]> {
  await checkOutsideCommand(request.command, context);
  return useWorkFolder(context.temporaryRoot ?? tmpdir(), async (folder) => {
    const candidates = await planAll(request, folder, context.signal);
    const scores: OutsideScore[] = [];
    for (const [index, candidate] of candidates.entries()) {
      const score = await scoreCandidate(candidate, request, folder, context);
      await context.onScore?.(index, score);
      scores.push(score);
    }
    return scores;
  });
}

/** @throws OutputError naming the first candidate that cannot be written */
async function planAll({ candidates, inputs, choices, workers }: OutsideRequest, folder: string, signal?: AbortSignal) {
  const planned: PlannedCandidate[] = [];
  for (const [index, { label, combination }] of candidates.entries()) {
    const output = join(folder, `candidate-${index + 1}`);
    const plan = await planCombine(combineRequest({ combination, inputs, output, workers, ...candidateChoices(choices) }), signal);
    const [refusal] = plan.refusals;
    if (refusal !== undefined && (await unchangedInput(plan)) === null)
      throw new OutputError(`${label}: ${refusal.message}${placeOf(refusal, folder)}`);
    planned.push({ label, combination, plan });
  }
  return planned;
}

/** Nobody chose the folder that a disk is too full for. */
function placeOf({ code }: Finding, folder: string): string {
  return code === 'disk-full' ? ` It is written for the command to the temporary folder, ${dirname(folder)}, which TMPDIR chooses.` : '';
}

async function scoreCandidate(
  { label, plan }: PlannedCandidate,
  { command, workers }: OutsideRequest,
  workFolder: string,
  context: OutsideContext,
): Promise<OutsideScore> {
  const { signal, onProgress, onOutput, environment, workingFolder } = context;
  const totalBytes = plan.writeByteLength;
  const report = (phase: OutsideProgress['phase'], doneBytes: number) => onProgress?.({ label, phase, doneBytes, totalBytes });
  try {
    const unchanged = await unchangedInput(plan);
    if (unchanged === null)
      await runCombine(plan, { workers, signal, sync: false, onProgress: ({ doneBytes }) => report('writing', doneBytes) });
    report('running', totalBytes);
    const modelFolder = unchanged ?? plan.output;
    const value = await runOutsideCommand(command, { modelFolder, workFolder, signal, onOutput, environment, workingFolder });
    signal?.throwIfAborted();
    return { kind: 'outside', value, higherIsBetter: command.higherIsBetter };
  } catch (error) {
    throw error instanceof OutsideCommandError ? new OutsideCommandError(`${label}: ${error.message}`, { cause: error }) : error;
  } finally {
    await rm(plan.output, { recursive: true, force: true, maxRetries: 3 });
  }
}
