import { randomBytes } from 'node:crypto';
import { formatSeconds } from '../format.js';
import { isRecord, parseJsonText } from '../json/record.js';
import { identifyProcess, isRestarted, stateOf, type ProcessIdentity } from './processIdentity.js';

/** Who writes at a place: one job, and the processes that work for it. */
export interface Owner {
  /** Of this job alone, and never used again. */
  readonly id: string;
  /** ISO 8601. */
  readonly since: string;
  /** The first one keeps the heartbeat. */
  readonly processes: readonly [ProcessIdentity, ...ProcessIdentity[]];
}

/**
 * `alive`: some process of it runs, or has given a sign of life a short time ago. `silent`: nobody can see its processes from here,
 * and there was no sign of life for `silentAfterMs`. `ended`: none of its processes runs any more, for certain.
 */
export type Life = 'alive' | 'silent' | 'ended';

/** So often an owner gives a sign of life. */
export const beatIntervalMs = 10_000;
/** After so long without one, an owner that cannot be seen counts as gone: longer than servers of files are away or caches old. */
export const silentAfterMs = 5 * 60_000;
/** The same for an owner whose machine was restarted since. */
const silentAfterRestartMs = 3 * beatIntervalMs;

const idPattern = /^\d+-[0-9a-f]{12}$/;

export function newOwner(): Owner {
  const id = `${process.pid}-${randomBytes(6).toString('hex')}`;
  return { id, since: new Date().toISOString(), processes: [identifyProcess(process.pid)] };
}

export function isOwnerId(name: string): boolean {
  return idPattern.test(name);
}

/** @param silenceMs Time since the last sign of life, by the file system's clock. */
export function lifeOf({ processes }: Owner, silenceMs: number): Life {
  const states = processes.map(stateOf);
  if (states.includes('running')) return 'alive';
  if (!states.includes('unknown')) return 'ended';
  const unknown = processes.filter((_, i) => states[i] === 'unknown');
  if (unknown.every(isRestarted)) return silenceMs < silentAfterRestartMs ? 'alive' : 'ended';
  return silenceMs < silentAfterMs ? 'alive' : 'silent';
}

/** `process 4711 on gpu-7, since 2026-11-28T10:00:00.000Z (last sign of life 3 s ago)`. */
export function describeOwner({ since, processes }: Owner, silenceMs: number): string {
  const { pid, host } = processes[0];
  return `process ${pid} on ${host}, since ${since} (last sign of life ${formatSeconds(Math.max(0, silenceMs) / 1000)} ago)`;
}

export function ownerText(owner: Owner): string {
  return `${JSON.stringify(owner, null, 1)}\n`;
}

/** Null for a text that is no owner's: a machine that went down may leave an empty file. */
export function parseOwner(text: string): Owner | null {
  try {
    const owner = parseJsonText(text);
    return isOwner(owner) ? owner : null;
  } catch {
    return null;
  }
}

function isOwner(value: unknown): value is Owner {
  if (!isRecord(value)) return false;
  const { id, since, processes } = value;
  const isNamed = typeof id === 'string' && isOwnerId(id) && typeof since === 'string';
  return isNamed && Array.isArray(processes) && processes.length > 0 && processes.every(isProcess);
}

function isProcess(value: unknown): value is ProcessIdentity {
  if (!isRecord(value)) return false;
  const { host, pid, leadsGroup } = value;
  const facts = [value['machine'], value['bootId'], value['pidNamespace'], value['startTicks']];
  const isNumbered = Number.isInteger(pid) && Number(pid) > 0;
  return typeof host === 'string' && isNumbered && typeof leadsGroup === 'boolean' && facts.every(isTextOrNull);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
