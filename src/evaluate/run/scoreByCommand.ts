import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { keyOf, weightsIdentity, type ResultCache } from '../cache/index.js';
import { scoreOutside, type OutsideProgress } from '../outside/index.js';
import type { EvaluateContext, EvaluateProgress, OutsidePlan } from '../plan.js';
import type { PreparedEvaluation } from '../prepare/prepareEvaluation.js';
import type { OutsideScore } from '../report/index.js';
import type { CandidateRequest, OutsideCommand } from '../request.js';
import { formatCommandLine } from '../../base/process/commandLine.js';
import { maxOf } from '../../base/extremes.js';

/**
 * One score for each candidate when there is a command, else none. Until all are known they are kept in the cache, so that
 * a run that was interrupted goes on where it stopped; then they are forgotten, since nobody knows what else a command's
 * numbers depend on. Candidates that would be the same checkpoint are scored once.
 * @param onScore called for every candidate as its score is known
 * @throws as `scoreOutside`
 */
export async function scoreByCommand(
  prepared: PreparedEvaluation,
  context: EvaluateContext,
  onScore: (candidate: number, score: OutsideScore) => void,
): Promise<readonly OutsideScore[]> {
  const { request, cache } = prepared;
  const { outside: command } = request;
  if (command === undefined) return [];
  const keys = await outsideKeys(prepared, command);
  const scores = new Map<string, OutsideScore>();
  const tell = (key: string, value: number): void => {
    const score: OutsideScore = { kind: 'outside', value, higherIsBetter: command.higherIsBetter };
    scores.set(key, score);
    for (const [candidate, own] of keys.entries()) if (own === key) onScore(candidate, score);
  };
  for (const [key, value] of await knownValues(keys, cache)) tell(key, value);
  const missing = [...new Set(keys)].filter((key) => !scores.has(key));
  await scoreMissing(prepared, command, missing, keys, tell, context);
  for (const key of scores.keys()) await cache?.remove(key);
  return keys.map((key) => scores.get(key)!);
}

/** What the command will need; null without one. */
export async function planByCommand(prepared: PreparedEvaluation): Promise<OutsidePlan | null> {
  const { request, plans, cache, refusals } = prepared;
  const { outside: command } = request;
  if (command === undefined || refusals.length > 0) return null;
  const keys = await outsideKeys(prepared, command);
  const known = await knownValues(keys, cache);
  const byteLengths = plans.map(({ tensors }) => tensors.reduce((sum, { byteLength }) => sum + byteLength, 0));
  return {
    command: formatCommandLine(command.command),
    runs: new Set(keys).size - known.size,
    checkpointByteLength: maxOf(byteLengths),
    folder: tmpdir(),
  };
}

async function knownValues(keys: readonly string[], cache: ResultCache | null): Promise<Map<string, number>> {
  const values = new Map<string, number>();
  for (const key of cache === null ? [] : keys) {
    const [value] = (await cache!.get(key))?.[0] ?? [];
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

/** Keeps each value as it is known. */
async function scoreMissing(
  { request: { inputs, candidates, choices, settings }, cache }: PreparedEvaluation,
  command: OutsideCommand,
  missing: readonly string[],
  keys: readonly string[],
  tell: (key: string, value: number) => void,
  { signal, onProgress, onOutput }: EvaluateContext,
): Promise<void> {
  if (missing.length === 0) return;
  const toScore = missing.map((key) => candidates[keys.indexOf(key)]!);
  await scoreOutside(
    { inputs, candidates: toScore, choices, command, workers: settings.threads },
    {
      signal,
      onOutput,
      onProgress: (progress) => onProgress?.(overall(progress, toScore)),
      onScore: async (index, { value }) => {
        await cache?.put(missing[index]!, [Float64Array.of(value)]);
        tell(missing[index]!, value);
      },
    },
  );
}

/**
 * The command takes nearly all of the time, and nobody knows how far it is: every candidate that is scored counts the same,
 * one that is written half.
 */
function overall({ label, phase, doneBytes, totalBytes }: OutsideProgress, candidates: readonly CandidateRequest[]): EvaluateProgress {
  const before = candidates.findIndex((candidate) => candidate.label === label);
  const begun = phase === 'writing' ? doneBytes / 2 : totalBytes / 2;
  return { doneBytes: before * totalBytes + begun, totalBytes: candidates.length * totalBytes, stage: `${label}: ${phase}` };
}

/** What a command's number of each plan depends on, as far as it can be seen: the checkpoint, the command, and files that it names. */
async function outsideKeys(
  { plans, identities }: Pick<PreparedEvaluation, 'plans' | 'identities'>,
  { command, value }: OutsideCommand,
): Promise<string[]> {
  const named = await Promise.all(command.map(contentHash));
  return plans.map((plan) => {
    const files = plan.files.map(({ name, content, sourceSha256 }) => [name, content ?? sourceSha256]);
    return keyOf({ kind: 'outside', command, value, weights: weightsIdentity(plan, identities), files, named });
  });
}

/** Larger files are told apart by their size and time of change. */
const maxHashedByteLength = 256 * 1024 * 1024;

/** SHA-256 of a file; null for what is no file. */
async function contentHash(path: string): Promise<string | null> {
  const stats = await stat(resolve(path)).catch(() => null);
  if (stats?.isFile() !== true) return null;
  if (stats.size > maxHashedByteLength) return `${stats.size} ${stats.mtimeMs}`;
  const hash = createHash('sha256');
  for await (const part of createReadStream(resolve(path))) hash.update(part as Buffer);
  return hash.digest('hex');
}
