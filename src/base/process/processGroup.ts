import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const isWindows = process.platform === 'win32';
const pollMs = 20;
/** What is killed is gone within this time, unless it hangs in the kernel, where nobody can reach it. */
const killWaitMs = 1000;

/**
 * A command and all the processes that it started: a process group of its own, or on Windows, where there are no such
 * groups, the tree below it as long as it lives. Groups do not outlive this process, unless it is killed at once.
 */
export class ProcessGroup {
  /** @param leader id of a process that was started detached (except on Windows) */
  constructor(private readonly leader: number) {
    watch(this);
  }

  /** Asks all processes to end, and kills those that do not within `graceMs`. Resolves when they are gone. */
  async end(graceMs: number): Promise<void> {
    if (isWindows) this.kill();
    else if (this.#send('SIGTERM') && !(await this.#isGoneWithin(graceMs))) this.kill();
    await this.#isGoneWithin(killWaitMs);
    unwatch(this);
  }

  /** Kills all processes at once. */
  kill(): void {
    if (isWindows) spawnSync('taskkill', ['/pid', String(this.leader), '/T', '/F'], { windowsHide: true });
    else this.#send('SIGKILL');
  }

  async #isGoneWithin(milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    while (this.#send(0)) {
      if (performance.now() >= end) return false;
      await delay(pollMs);
    }
    return true;
  }

  /** @returns false when nobody is left to receive the signal */
  #send(signal: NodeJS.Signals | 0): boolean {
    try {
      process.kill(isWindows ? this.leader : -this.leader, signal);
      return true;
    } catch {
      return false;
    }
  }
}

const alive = new Set<ProcessGroup>();
const fatalSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ends this process as a signal does that nobody handles, all groups with it. `process.exit` would take down its threads one
 * by one, and onnxruntime, if it computes in one of them, would abort the process with a message of its own.
 */
export function endBySignal(signal: NodeJS.Signals): void {
  killAll();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function killAll(): void {
  for (const group of alive) group.kill();
}

/** A signal that nobody else handles ends this process as if we did not handle it either. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) endBySignal(signal);
}

function watch(group: ProcessGroup): void {
  alive.add(group);
  if (alive.size > 1) return;
  process.on('exit', killAll);
  for (const signal of fatalSignals) process.on(signal, onSignal);
}

function unwatch(group: ProcessGroup): void {
  if (!alive.delete(group) || alive.size > 0) return;
  process.off('exit', killAll);
  for (const signal of fatalSignals) process.off(signal, onSignal);
}
