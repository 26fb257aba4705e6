import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CancellationTokenSource, createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
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
  /** Rejections of whatever waits for this process. */
  readonly pending: Set<(error: EngineError) => void>;
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
  async request<Method extends EngineMethod>(
    method: Method,
    params: EngineRequests[Method]['params'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Method]['result']> {
    if (this.#disposed) throw new EngineError('The engine was shut down.', 'EngineDied');
    if (options.signal?.aborted) throw cancelled();
    const running = (this.#running ??= this.#start());
    const job = this.#nextJob++;
    const cancellation = new CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    if (options.onProgress) this.#progress.set(job, options.onProgress);
    try {
      return await untilDeath(running, running.connection.sendRequest(requestType(method), { job, params }, cancellation.token));
    } catch (error) {
      throw options.signal?.aborted ? cancelled() : toEngineError(error);
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      this.#progress.delete(job);
      cancellation.dispose();
    }
  }

  /** Ends the process; pending requests are rejected. */
  dispose(): void {
    this.#disposed = true;
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    end(running, new EngineError('The engine was shut down.', 'EngineDied'));
    running.process.kill();
  }

  #start(): Running {
    // Structured cloning instead of JSON: NaN, infinities and typed arrays arrive as they are.
    const process = fork(this.#options.modulePath, [], { serialization: 'advanced', silent: true, execArgv: [] });
    const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
    connection.onNotification(progressNotification, ({ job, progress }) => this.#progress.get(job)?.(progress));
    connection.onError(() => undefined); // a broken channel shows as the death of the process, which is handled below
    connection.listen();
    this.#forwardOutput(process);
    const running = { process, connection, pending: new Set<(error: EngineError) => void>() };
    process.on('error', (error) => this.#mourn(running, `failed (${error.message})`));
    process.once('exit', (code, signal) =>
      this.#mourn(running, signal ? `was killed (${signal})` : `ended with exit code ${code ?? 'unknown'}`),
    );
    return running;
  }

  #mourn(running: Running, reason: string): void {
    if (this.#running !== running) return;
    this.#running = null;
    const message = `The Model Rebase engine process ${reason}. The job was stopped; run it again to start a new process.`;
    end(running, new EngineError(message, 'EngineDied'));
    this.#options.onRestart?.(message);
  }

  #forwardOutput(process: ChildProcess): void {
    for (const stream of [process.stdout, process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#options.log?.(line));
    }
  }
}

/** The answer, or a rejection when the process ends first. Its rejection is forgotten once it is answered. */
async function untilDeath<Result>({ pending }: Running, answer: Promise<Result>): Promise<Result> {
  let rejectOnDeath!: (error: EngineError) => void;
  const death = new Promise<never>((_, reject) => pending.add((rejectOnDeath = reject)));
  try {
    return await Promise.race([answer, death]);
  } finally {
    pending.delete(rejectOnDeath);
  }
}

/** Rejects what waits, before the connection does so with a message that says nothing. */
function end({ connection, pending }: Running, error: EngineError): void {
  for (const reject of pending) reject(error);
  connection.dispose();
}

function cancelled(): EngineError {
  return new EngineError('Cancelled.', 'AbortError');
}

function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof ResponseError) return new EngineError(error.message, (error.data as ErrorData | undefined)?.name ?? 'Error');
  return new EngineError(error instanceof Error ? error.message : String(error), 'Error');
}
