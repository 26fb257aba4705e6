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

function killAll(): void {
  for (const group of alive) group.kill();
}

/** A signal that nobody else handles ends this process: once the groups are gone, as if we had not been asked. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  for (const fatal of fatalSignals) process.off(fatal, onSignal);
  process.kill(process.pid, signal);
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
