import { readFileSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { isRecord, parseJsonText } from '../../base/json/record.js';

/** Which process trains, so that a second one does not write into the same folder after this program was killed. */
export interface TrainingRecord {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly command: readonly string[];
}

/** Clocks of this program and of the system may differ by so much. */
const clockSlackMs = 5000;

/** Why nobody else may train now. */
export class TrainingUnderWayError extends Error {
  override readonly name = 'TrainingUnderWayError';
}

/** Claims a training for this process. @throws TrainingUnderWayError when another one is at it */
export async function claimTraining(path: string, command: readonly string[]): Promise<void> {
  const underWay = await trainingUnderWay(path);
  if (underWay !== null) throw new TrainingUnderWayError(describeUnderWay(path, underWay));
  await rm(path, { force: true });
  await writeFile(path, recordText(process.pid, command), { flag: 'wx' }).catch((error: unknown) => {
    throw new TrainingUnderWayError(`${path} was made by another process at this moment: it trains already.`, { cause: error });
  });
}

/** Says that the command runs as this process; at once, since this program may be killed at any time. */
export function passTrainingTo(path: string, pid: number, command: readonly string[]): void {
  writeFileSync(path, recordText(pid, command));
}

function recordText(pid: number, command: readonly string[]): string {
  const record: TrainingRecord = { pid, host: hostname(), startedAt: new Date().toISOString(), command };
  return `${JSON.stringify(record)}\n`;
}

function describeUnderWay(path: string, { pid, host, startedAt }: TrainingRecord): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  return `The training began at ${startedAt} and is still under way as ${where}. Wait until it has ended, then run again to go on with what it wrote; to stop it, end that process and its children. If it is none of ours, remove ${path}.`;
}

export function removeTrainingRecord(path: string): Promise<void> {
  return rm(path, { force: true });
}

/** The training that is under way; null when none is, also when its record is left from a process that has ended. */
export async function trainingUnderWay(path: string): Promise<TrainingRecord | null> {
  const record = await readTrainingRecord(path);
  return record !== null && isAlive(record) ? record : null;
}

async function readTrainingRecord(path: string): Promise<TrainingRecord | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const record = parseJsonText(text);
    return isTrainingRecord(record) ? record : null;
  } catch {
    return null; // cut off by a crash in the moment when it was written
  }
}

function isTrainingRecord(value: unknown): value is TrainingRecord {
  if (!isRecord(value)) return false;
  const { pid, host, startedAt, command } = value;
  return Number.isInteger(pid) && Number(pid) > 0 && typeof host === 'string' && typeof startedAt === 'string' && Array.isArray(command);
}

/** Of another machine nothing is known but what it wrote; numbers of processes are given again after a restart. */
function isAlive({ pid, host, startedAt }: TrainingRecord): boolean {
  if (host !== hostname()) return true;
  const bootedAt = Date.now() - uptime() * 1000;
  return Date.parse(startedAt) >= bootedAt - clockSlackMs && hasProcesses(pid);
}

/** Whether the process, or another one of its group, is there. */
function hasProcesses(pid: number): boolean {
  const targets = process.platform === 'win32' ? [pid] : [pid, -pid];
  return !isZombie(pid) && targets.some(isThere);
}

function isThere(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process that has ended, but whose parent, some container's first process, never asks how. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
