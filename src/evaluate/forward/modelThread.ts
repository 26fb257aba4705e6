import { Worker } from 'node:worker_threads';
import { distFile } from '../../compute/index.js';
import {
  buffersIn,
  type ModelAnswer,
  type ModelMessage,
  type ModelRequest,
  type ModelResult,
  type ModelThreadSettings,
} from './protocol.js';

/** The thread that runs a model ended, or its arithmetic failed. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
}

/** What a request gave, and the buffers that moved with it, to be used again. */
export interface ModelReply {
  readonly result: ModelResult;
  readonly buffers: readonly ArrayBuffer[];
}

interface Pending {
  readonly resolve: (reply: ModelReply) => void;
  readonly reject: (error: Error) => void;
}

/** This side of the thread that runs a model. Requests are carried out in order. */
export class ModelThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: Error | null = null;

  private constructor(settings: ModelThreadSettings) {
    this.#worker = new Worker(distFile('modelWorker.js'), {
      workerData: settings,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#worker.on('message', (answer: ModelAnswer) => this.#receive(answer));
    this.#worker.on('error', (error) => this.#fail(new ModelFailure(`The model's thread failed: ${error.message}`)));
    this.#worker.on('exit', (code) => this.#fail(new ModelFailure(`The model's thread ended unexpectedly (exit code ${code}).`)));
  }

  /** Runs `work` with a thread that lives exactly as long; aborting ends it after the graph it is computing. */
  static async use<Result>(
    settings: ModelThreadSettings,
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

  /** Buffers of the request move to the thread and come back with the reply. */
  run(request: ModelRequest): Promise<ModelReply> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request } satisfies ModelMessage, buffersIn(request));
    });
  }

  #receive(answer: ModelAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.kind === 'failure') pending?.reject(new ModelFailure(answer.message));
    else pending?.resolve({ result: answer.result, buffers: answer.buffers });
  }

  async #dispose(reason: Error): Promise<void> {
    this.#fail(reason);
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}
