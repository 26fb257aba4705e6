import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { exists } from '../../base/exists.js';
import { formatSeconds } from '../../base/format.js';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import { claimPlace } from '../../base/ownership/claimPlace.js';
import { inspectPlace } from '../../base/ownership/occupant.js';
import { silentAfterMs } from '../../base/ownership/owner.js';
import type { Ownership } from '../../base/ownership/ownership.js';
import { elsewhereRule, PlaceOwnedError } from '../../base/ownership/placeErrors.js';
import { identifyProcess, stateOf } from '../../base/ownership/processIdentity.js';
import { readText } from '../../base/readFile.js';
import type { RoundPaths } from './roundPaths.js';

/** A training that is under way, so that nobody else writes into the same folder, even after the program that started it was killed. */
export interface TrainingUnderWay {
  /** Of the command, which leads its process group, or of the program that is about to start it. */
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Time since the last sign of life; null for one that an earlier version started, which gives none. */
  readonly silenceMs: number | null;
}

/** Why nobody else may train now. */
export class TrainingUnderWayError extends Error {
  override readonly name = 'TrainingUnderWayError';
}

/**
 * Claims a training for this process. What a training before it left half way to its name is put where it belongs.
 * @param takeOver The user's word that a training which seems to be under way has ended.
 * @throws TrainingUnderWayError when another process is at it
 */
export async function claimTraining(paths: RoundPaths, takeOver: boolean): Promise<Ownership> {
  const old = takeOver ? null : await oldTraining(paths.training);
  if (old !== null) throw new TrainingUnderWayError(describe(old, oldRecord(paths.training)));
  const ownership = await claimPlace(paths.training, { takeOver }).catch(async (error: unknown) => {
    const other = error instanceof PlaceOwnedError ? await trainingUnderWay(paths.training) : null;
    if (!(error instanceof PlaceOwnedError)) throw error;
    throw new TrainingUnderWayError(other === null ? error.message : describe(other, error.occupant.folder), { cause: error });
  });
  await rm(oldRecord(paths.training), { force: true });
  await ownership.use(() => bringBack(ownership, paths));
  return ownership;
}

/** The training that is under way; null when none is, also when its record is left from a process that has ended. */
export async function trainingUnderWay(training: string): Promise<TrainingUnderWay | null> {
  const found = await inspectPlace(training);
  if (found.kind !== 'occupied' || found.occupant.life !== 'alive' || found.occupant.owner === null) return oldTraining(training);
  const { owner, silenceMs } = found.occupant;
  const { pid, host } = owner.processes.at(-1) ?? owner.processes[0];
  return { pid, host, startedAt: owner.since, silenceMs };
}

/**
 * Moves what a training made to its name, by way of the owner's folder: if somebody else has taken the training over, the folder is gone
 * and nothing is moved.
 */
export async function moveOwned(ownership: Ownership, from: string, to: string): Promise<void> {
  await rename(from, ownership.path(basename(to)));
  await rename(ownership.path(basename(to)), to);
}

/** A model that can be used goes back to the command, which finds that it has ended; others go aside. */
async function bringBack(ownership: Ownership, { result, partial }: RoundPaths): Promise<void> {
  for (const name of (await readdir(ownership.folder)).filter((entry) => entry.startsWith(basename(result)))) {
    const place = name === basename(result) ? partial : join(dirname(result), name);
    if (!(await exists(place))) await rename(ownership.path(name), place);
  }
}

function describe({ pid, host, startedAt, silenceMs }: TrainingUnderWay, record: string): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  const sign = silenceMs === null ? '' : ` (last sign of life ${formatSeconds(Math.max(0, silenceMs) / 1000)} ago)`;
  const elsewhere = host === hostname() ? '' : ` ${elsewhereRule}`;
  return `The training began at ${startedAt} and is still under way as ${where}${sign}. Wait until it has ended, then run again to go on with what it wrote; to stop it, end that process and its children.${elsewhere} If it is none of ours, remove ${record}.`;
}

/** Where earlier versions said which process trains. */
function oldRecord(training: string): string {
  return join(dirname(training), `${basename(training)}.json`);
}

/** Clocks of this program and of the system may differ by so much. */
const clockSlackMs = 5000;

/** A training that an earlier version of the tool has started. */
async function oldTraining(training: string): Promise<TrainingUnderWay | null> {
  const path = oldRecord(training);
  const [text, stats] = await Promise.all([readText(path).catch(() => null), lstat(path).catch(() => null)]);
  const record = text === null ? null : parseOld(text);
  if (record === null || stats === null) return null;
  return isOldAlive(record, Date.now() - stats.mtimeMs) ? { ...record, silenceMs: null } : null;
}

type OldRecord = Omit<TrainingUnderWay, 'silenceMs'>;

function parseOld(text: string): OldRecord | null {
  try {
    const record = parseJsonText(text);
    if (!isRecord(record)) return null;
    const { pid, host, startedAt } = record;
    const isOld = Number.isInteger(pid) && Number(pid) > 0 && typeof host === 'string' && typeof startedAt === 'string';
    return isOld ? { pid: Number(pid), host, startedAt } : null;
  } catch {
    return null; // cut off by a crash in the moment when it was written
  }
}

/** Numbers of processes are given again after a restart. One on another machine gives no sign of life. */
function isOldAlive({ pid, host, startedAt }: OldRecord, ageMs: number): boolean {
  if (host !== hostname()) return ageMs < silentAfterMs;
  const bootedAt = Date.now() - uptime() * 1000;
  const isThere = stateOf({ ...identifyProcess(pid, true), startTicks: null }) !== 'ended';
  return isThere && Date.parse(startedAt) >= bootedAt - clockSlackMs;
}
