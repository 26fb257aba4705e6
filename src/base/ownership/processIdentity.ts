import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told from every other one that has had or will have its number. What the system does not tell is null. */
export interface ProcessIdentity {
  readonly host: string;
  /** Tells machines of one host name apart; stays when the machine restarts. */
  readonly machine: string | null;
  /** Of the kernel that runs: another one after a restart, the same in all containers of a machine. */
  readonly bootId: string | null;
  /** In which `pid` counts: a container has its own. */
  readonly pidNamespace: string | null;
  readonly pid: number;
  /** Clock ticks from the kernel's start to that of the process. */
  readonly startTicks: string | null;
  /** Whether it stands for its whole process group, which lives as long as one member does. */
  readonly leadsGroup: boolean;
}

/** What can be said of a process from here: nothing of one on another machine or in another container. */
export type ProcessState = 'running' | 'ended' | 'unknown';

export function identifyProcess(pid: number, leadsGroup = false): ProcessIdentity {
  return { host: hostname(), ...kernel(), pid, startTicks: readStat(pid)?.startTicks ?? null, leadsGroup };
}

export function stateOf(process: ProcessIdentity): ProcessState {
  if (!isVisible(process)) return 'unknown';
  const { pid, startTicks, leadsGroup } = process;
  if (!isThere(pid)) return leadsGroup && isThere(-pid) ? 'running' : 'ended';
  const stat = readStat(pid);
  if (stat?.isZombie === true) return 'ended'; // its parent, some container's first process, never asks how it ended
  if (stat === null || startTicks === null) return 'unknown';
  return stat.startTicks === startTicks ? 'running' : 'ended';
}

/** Whether the machine of a process was restarted since. */
export function isRestarted({ host, machine, bootId }: ProcessIdentity): boolean {
  const here = kernel();
  const isSameMachine = host === hostname() && machine !== null && machine === here.machine;
  return isSameMachine && bootId !== null && here.bootId !== null && bootId !== here.bootId;
}

/** Where the system tells of no kernels and namespaces, numbers of processes count on the whole machine. */
function isVisible({ host, bootId, pidNamespace }: ProcessIdentity): boolean {
  const here = kernel();
  const isHere = here.bootId === null ? bootId === null && host === hostname() : bootId === here.bootId;
  return isHere && pidNamespace === here.pidNamespace;
}

function isThere(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Null where there is no such process, or no such file. */
function readStat(pid: number): { readonly startTicks: string; readonly isZombie: boolean } | null {
  const text = readIfThere(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // from the third on: the second, a name, may hold anything
  return { startTicks: fields[19] ?? '', isZombie: fields[0] === 'Z' || fields[0] === 'X' };
}

type Kernel = Pick<ProcessIdentity, 'machine' | 'bootId' | 'pidNamespace'>;

let known: Kernel | undefined;

function kernel(): Kernel {
  known ??= {
    machine: hashOf(readIfThere(() => readFileSync('/etc/machine-id', 'utf8').trim())),
    bootId: readIfThere(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: readIfThere(() => readlinkSync('/proc/self/ns/pid')),
  };
  return known;
}

/** The system asks not to give its number away. */
function hashOf(machineId: string | null): string | null {
  if (machineId === null || machineId === '') return null;
  return createHash('sha256').update(`model-rebase ${machineId}`).digest('hex').slice(0, 16);
}

function readIfThere(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
