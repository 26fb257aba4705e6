import { Worker } from 'node:worker_threads';
import { distFile } from '../../base/distFile.js';
import { FormatError } from '../../base/formatError.js';
import type { TokenizerFiles } from './loadTokenizer.js';
import type { TokenizerRoots } from './nameTokens.js';
import type { TokenizerAnswer, TokenizerMessage, TokenizerRequest, TokenizerResults } from './protocol.js';
import type { Tokenizer } from './tokenizer.js';

/** The thread that runs tokenizers ended, or something failed in it. */
export class TokenizerFailure extends Error {
  override readonly name = 'TokenizerFailure';
}

interface Pending {
  readonly resolve: (result: TokenizerResults[TokenizerRequest['kind']]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * This side of the thread that runs tokenizers. The expressions by which they split texts come out of files and may take
 * for ever (`(a+)+$`): here nothing waits for them that cannot be cancelled. The thread starts with the first request.
 */
export class TokenizerThread {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 0;
  #failure: Error | null = null;

  /** Runs `work` with a thread that lives as long at most; aborting ends it at once, in the midst of an expression too. */
  static async use<Result>(signal: AbortSignal | undefined, work: (thread: TokenizerThread) => Promise<Result>): Promise<Result> {
    signal?.throwIfAborted();
    const thread = new TokenizerThread();
    const abort = (): void => void thread.#end(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await work(thread);
    } finally {
      signal?.removeEventListener('abort', abort);
      await thread.#end(new TokenizerFailure("The tokenizer's thread was closed."));
    }
  }

  /**
   * A checkpoint's tokenizer, to be used as long as the thread lives.
   * @throws FormatError when a file is not JSON, or asks for something that is not supported
   */
  async load(files: TokenizerFiles): Promise<Tokenizer> {
    const { tokenizer, facts } = await this.#run({ kind: 'load', files });
    return {
      ...facts,
      encode: async (texts) => {
        const encoded = await this.#run({ kind: 'encode', tokenizer, texts });
        return encoded.map((result, i) => ({ ...result, text: texts[i]! }));
      },
      spell: (token) => this.#run({ kind: 'spell', tokenizer, token }),
    };
  }

  /** As `nameTokens`. @throws TokenizerFailure for a tokenizer that cannot be used */
  nameTokens(roots: TokenizerRoots, tokens: readonly number[]): Promise<readonly (string | null)[]> {
    return this.#run({ kind: 'name', roots, tokens });
  }

  #run<Request extends TokenizerRequest>(request: Request): Promise<TokenizerResults[Request['kind']]> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#worker!.postMessage({ id, request } satisfies TokenizerMessage);
    });
  }

  #start(): Worker {
    const worker = new Worker(distFile('tokenizerWorker.js'), { execArgv: [] });
    worker.on('message', (answer: TokenizerAnswer) => this.#receive(answer));
    worker.on('error', (error) => this.#fail(new TokenizerFailure(`The tokenizer's thread failed: ${error.message}`)));
    worker.on('exit', (code) => this.#fail(new TokenizerFailure(`The tokenizer's thread ended unexpectedly (exit code ${code}).`)));
    return worker;
  }

  #receive(answer: TokenizerAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.kind === 'result') pending?.resolve(answer.result);
    else pending?.reject(answer.fault === null ? new TokenizerFailure(answer.message) : new FormatError(answer.fault));
  }

  async #end(reason: Error): Promise<void> {
    this.#fail(reason);
    await this.#worker?.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}
