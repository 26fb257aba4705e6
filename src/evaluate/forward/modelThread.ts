import { Worker } from 'node:worker_threads';
import { distFile } from '../../base/distFile.js';
import { reviveFailure } from '../../compute/index.js';
import type { ModelThreadSettings, ThreadAnswer, ThreadMessage, ThreadRequest, ThreadResults } from './protocol.js';

/** The thread that runs a model ended, or its arithmetic failed. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
}

/** The command line's package leaves its runtime to be installed where models are scored. */
function describeFailure({ message }: Error): string {
  if (!message.includes("Cannot find module 'onnxruntime-node'")) return `The model's thread failed: ${message}`;
  return 'Scoring models needs onnxruntime, which is not installed here. Install onnxruntime-node beside model-rebase, or score with a command of your own.';
}

type AnyResult = ThreadResults[ThreadRequest['kind']];

interface Pending {
  readonly resolve: (result: AnyResult) => void;
  readonly reject: (error: Error) => void;
  readonly onCandidate: () => void;
}

/**
 * This side of the thread that runs a model. Requests are carried out in order. The thread is asked to end, never
 * terminated: when its JavaScript is gone while onnxruntime computes, onnxruntime ends the whole process.
 */
export class ModelThread {
  readonly #worker: Worker;
  readonly #stopped = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #exited: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: Error | null = null;

  private constructor(settings: Omit<ModelThreadSettings, 'stopped'>) {
    // onnxruntime reports its use to its makers otherwise. A thread's own environment is a copy that native code does not see.
    process.env['ORT_DISABLE_TELEMETRY'] = '1';
    this.#worker = new Worker(distFile('modelWorker.js'), {
      workerData: { ...settings, stopped: this.#stopped } satisfies ModelThreadSettings,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#receive(answer));
    this.#worker.on('error', (error) => this.#fail(new ModelFailure(describeFailure(error))));
    this.#worker.on('exit', (code) => this.#fail(new ModelFailure(`The model's thread ended unexpectedly (exit code ${code}).`)));
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
  }

  /** Runs `work` with a thread that lives exactly as long; aborting ends it after the graph it is computing. */
  static async use<Result>(
    settings: Omit<ModelThreadSettings, 'stopped'>,
    signal: AbortSignal | undefined,
    work: (model: ModelThread) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const thread = new ModelThread(settings);
    const abort = () => void thread.#dispose(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await work(thread);
    } finally {
      signal?.removeEventListener('abort', abort);
      await thread.#dispose(new ModelFailure("The model's thread was closed."));
    }
  }

  /**
   * @param onCandidate called whenever a stage is done with a candidate
   * @throws ModelFailure; FileReadError when an input changed
   */
  run<Request extends ThreadRequest>(request: Request, onCandidate: () => void = () => undefined): Promise<ThreadResults[Request['kind']]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise<AnyResult>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onCandidate });
      this.#worker.postMessage({ id, request } satisfies ThreadMessage);
    }) as Promise<ThreadResults[Request['kind']]>;
  }

  #receive(answer: ThreadAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (answer.kind === 'candidate') return pending?.onCandidate();
    this.#pending.delete(answer.id);
    if (answer.kind === 'failure') pending?.reject(reviveFailure(answer.failure, ModelFailure));
    else pending?.resolve(answer.result);
  }

  async #dispose(reason: Error): Promise<void> {
    this.#fail(reason);
    Atomics.store(this.#stopped, 0, 1);
    this.#worker.postMessage(null satisfies ThreadMessage);
    await this.#exited;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}
