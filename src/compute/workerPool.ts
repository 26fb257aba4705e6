import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { distFile } from '../base/distFile.js';
import { reviveFailure } from './failure.js';
import { buffersOf, type EngineName, type ResultOf, type Task, type TaskMessage, type WorkerMessage, type WorkerSettings } from './task.js';

/** A worker thread ended, or could not start, while tasks depended on it. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

export interface PoolOptions {
  readonly engine: EngineName;
  /** Null: one per processor, up to eight. The GPU engine always has one, since the device is one. */
  readonly workers: number | null;
  /** Absolute path of the workers' script; left out, the built one. */
  readonly script?: string;
  /** Most JavaScript heap a worker may use, in megabytes; left out, what Node gives a thread. */
  readonly heapMegabytes?: number;
}

/** More threads than this do not make memory faster. */
const mostAutomaticWorkers = 8;

/** Input files that all workers together keep open: where a process may have 256 files, the rest is for everything else. */
const maxOpenFiles = 96;
const minOpenFilesPerWorker = 4;

/** Threads that a pool on the processor has, given the user's wish; null leaves it to the machine. */
export function workerCount(requested: number | null): number {
  return requested ?? Math.min(availableParallelism(), mostAutomaticWorkers);
}

interface Pending {
  readonly resolve: (result: ResultOf<Task>) => void;
  readonly reject: (error: Error) => void;
}

interface Member {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/**
 * Worker threads that share the tasks of one job. A task goes to the worker with the fewest waiting. When any worker
 * fails as a whole, every waiting task is rejected: a job never goes on without one of its results.
 */
export class WorkerPool {
  readonly size: number;
  readonly #members: Member[] = [];
  #nextId = 0;
  #failure: Error | null = null;

  constructor(options: PoolOptions) {
    this.size = options.engine === 'gpu' ? 1 : workerCount(options.workers);
    for (let i = 0; i < this.size; i++) this.#members.push(this.#start(options));
  }

  /**
   * Runs `work` with a pool that lives exactly as long: aborting `signal` ends the workers at once and rejects what
   * waits with the signal's reason; the threads are gone when the promise settles.
   */
  static async use<Result>(
    options: PoolOptions,
    signal: AbortSignal | undefined,
    work: (pool: WorkerPool) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const pool = new WorkerPool(options);
    const abort = () => void pool.dispose(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await work(pool);
    } finally {
      signal?.removeEventListener('abort', abort);
      await pool.dispose();
    }
  }

  /**
   * @param worker below `size`: the worker that has to do it; left out, the one with the fewest tasks waiting
   * @returns the task's result. Rejects with the task's own failure, or with the pool's. Buffers of the task move to the worker.
   */
  run<T extends Task>(task: T, worker?: number): Promise<ResultOf<T>> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    const member = worker === undefined ? this.#leastBusy() : this.#members[worker]!;
    return new Promise<ResultOf<Task>>((resolve, reject) => {
      member.pending.set(id, { resolve, reject });
      member.worker.postMessage({ id, task } satisfies TaskMessage, buffersOf(task));
    }) as Promise<ResultOf<T>>;
  }

  /** Ends all workers at once; waiting tasks are rejected with `reason`. Resolves when the threads are gone. */
  async dispose(reason: Error = new WorkerFailure('The worker pool was closed.')): Promise<void> {
    this.#fail(reason);
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Member {
    return this.#members.reduce((least, other) => (other.pending.size < least.pending.size ? other : least));
  }

  #start(options: PoolOptions): Member {
    const settings = { engine: options.engine, maxOpenFiles: Math.max(minOpenFilesPerWorker, Math.floor(maxOpenFiles / this.size)) };
    const member: Member = { worker: startWorker(options, settings), pending: new Map() };
    member.worker.on('message', (message: WorkerMessage) => this.#receive(member, message));
    member.worker.on('error', (error) => this.#fail(new WorkerFailure(`A compute worker failed: ${messageOf(error)}`)));
    member.worker.on('exit', (code) => this.#fail(new WorkerFailure(`A compute worker ended unexpectedly (exit code ${code}).`)));
    return member;
  }

  #receive(member: Member, message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        return;
      case 'result':
        this.#settle(member, message.id)?.resolve(message.result);
        return;
      case 'failure':
        if (message.id === null) this.#fail(new WorkerFailure(message.failure.message));
        else this.#settle(member, message.id)?.reject(reviveFailure(message.failure, WorkerFailure));
        return;
      default:
        message satisfies never;
    }
  }

  #settle(member: Member, id: number): Pending | undefined {
    const pending = member.pending.get(id);
    member.pending.delete(id);
    return pending;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { pending } of this.#members) {
      for (const { reject } of pending.values()) reject(this.#failure);
      pending.clear();
    }
  }
}

/** Flags of this process (`--inspect`, loaders) are not passed on: they slow the start of every thread. */
function startWorker({ script = distFile('worker.js'), heapMegabytes }: PoolOptions, settings: WorkerSettings): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: 4, ...(heapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: heapMegabytes }) };
  return new Worker(script, { workerData: settings, execArgv: [], resourceLimits });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
