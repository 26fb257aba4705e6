import { fork, type ChildProcess } from 'node:child_process';
import { CancellationTokenSource, createMessageConnection, ErrorCodes, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import type { EngineMethod, EngineRequests, JobProgress } from './protocol.js';
import { progressNotification, requestType, type Connection, type ErrorData } from './rpc.js';

/** An error from the engine process, or about it. `kind` is the name of the original error: `FormatError`, `AbortError`, … */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    message: string,
    readonly kind: string,
  ) {
    super(message);
  }
}

export interface EngineClientOptions {
  /** Absolute path of the built `engine.js`. */
  readonly modulePath: string;
  /** Called when the process died and was not told to; the next request starts a new one. */
  readonly onRestart?: (message: string) => void;
  /** Receives what the process writes to its standard streams, line by line. */
  readonly log?: (line: string) => void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

interface Running {
  readonly process: ChildProcess;
  readonly connection: Connection;
  /** Rejects whatever waits for this process. */
  readonly death: Promise<never>;
}

/**
 * The client's end of the background process. The process starts with the first request. When it dies, every pending
 * request is rejected with an `EngineError` of kind `EngineDied`, and the next request starts a new process.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #progress = new Map<number, (progress: JobProgress) => void>();
  #running: Running | null = null;
  #nextJob = 1;
  #disposed = false;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  /** Process id of the engine, or null while none runs. */
  get processId(): number | null {
    return this.#running?.process.pid ?? null;
  }

  /** Runs one job. Rejects with `EngineError`; after an abort its kind is `AbortError`. */
  async request<Method extends EngineMethod>(method: Method, params: EngineRequests[Method]['params'], options: RequestOptions = {}): Promise<EngineRequests[Method]['result']> {
    if (this.#disposed) throw new EngineError('The engine was shut down.', 'EngineDied');
    if (options.signal?.aborted) throw cancelled();
    const { connection, death } = (this.#running ??= this.#start());
    const job = this.#nextJob++;
    const cancellation = new CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    if (options.onProgress) this.#progress.set(job, options.onProgress);
    try {
      return await Promise.race([connection.sendRequest(requestType(method), { job, params }, cancellation.token), death]);
    } catch (error) {
      if (options.signal?.aborted) throw cancelled();
      if (wasDropped(error)) return await death;
      throw toEngineError(error);
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      this.#progress.delete(job);
      cancellation.dispose();
    }
  }

  /** Ends the process; pending requests are rejected. */
  dispose(): void {
    this.#disposed = true;
    this.#running?.process.kill();
    this.#running = null;
  }

  #start(): Running {
    // Structured cloning instead of JSON: NaN, infinities and typed arrays arrive as they are.
    const process = fork(this.#options.modulePath, [], { serialization: 'advanced', silent: true, execArgv: [] });
    const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
    connection.onNotification(progressNotification, ({ job, progress }) => this.#progress.get(job)?.(progress));
    connection.onError(() => undefined); // a broken channel shows as the death of the process, which is handled below
    connection.listen();
    this.#forwardOutput(process);
    const death = this.#watch(process, connection);
    death.catch(() => undefined); // nobody may be waiting when it dies
    return { process, connection, death };
  }

  #watch(process: ChildProcess, connection: Connection): Promise<never> {
    return new Promise((_, reject) => {
      const die = (reason: string) => {
        const message = `The Model Rebase engine process ${reason}. The job was stopped; run it again to start a new process.`;
        if (this.#running?.process === process) {
          this.#running = null;
          this.#options.onRestart?.(message);
        }
        connection.dispose();
        reject(new EngineError(message, 'EngineDied'));
      };
      process.once('error', (error) => die(`could not be started (${error.message})`));
      process.once('exit', (code, signal) => die(signal ? `was killed (${signal})` : `ended with exit code ${code ?? 'unknown'}`));
    });
  }

  #forwardOutput(process: ChildProcess): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#options.log?.(text.trimEnd()));
    }
  }
}

/** The connection closes before the process's end is known; only that end says why. */
function wasDropped(error: unknown): boolean {
  return error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected;
}

function cancelled(): EngineError {
  return new EngineError('Cancelled.', 'AbortError');
}

function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof ResponseError) return new EngineError(error.message, (error.data as ErrorData | undefined)?.name ?? 'Error');
  return new EngineError(error instanceof Error ? error.message : String(error), 'Error');
}
