import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CancellationTokenSource, createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import type { AllowedFolders } from '../base/allowedFolders.js';
import type { EngineMethod, EngineRequests, JobProgress } from './protocol.js';
import { progressNotification, requestType, type Connection, type ErrorData } from './rpc.js';
import { messageOf } from '../base/errors.js';

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

/** The end of a process that was not told to end. */
export interface EngineDeath {
  /** What happened, and what becomes of the work, for the user. */
  readonly message: string;
  /** How many requests were rejected because of it. Whoever made them has the message, too. */
  readonly stoppedCount: number;
}

export interface EngineClientOptions {
  /** Where paths out of files may lead that a job reads; anywhere when left out. Asked for each request. */
  readonly allowedFolders?: () => AllowedFolders;
  /** Absolute path of the built `engine.js`. */
  readonly modulePath: string;
  /** Called when the process died and was not told to; the next request starts a new one. */
  readonly onDeath?: (death: EngineDeath) => void;
  /** Receives what the process writes to its standard streams, line by line. */
  readonly log?: (line: string) => void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/** A request that waits for an answer. */
interface Pending {
  readonly isRepeated: boolean;
  readonly reject: (error: EngineError) => void;
}

interface Running {
  readonly process: ChildProcess;
  readonly connection: Connection;
  readonly pending: Set<Pending>;
}

/** Requests that only look: they are made again when the process dies before it answers. */
const repeatable: ReadonlySet<EngineMethod> = new Set([
  'checkpoint/open',
  'checkpoint/parts',
  'checkpoint/discover',
  'combine/plan',
  'combine/kept',
  'combine/describe',
  'combine/manifest',
  'evaluate/plan',
  'connectivity/plan',
  'recycle/status',
]);

/**
 * The client's end of the background process. The process starts with the first request. When it dies, requests that
 * only look are made once more, and every other pending one is rejected with an `EngineError` of kind `EngineDied`. The
 * next request starts a new process.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #progress = new Map<number, (progress: JobProgress) => void>();
  #running: Running | null = null;
  #nextJob = 1;
  #disposed = false;
  /** Ends when the last repeated request has ended. */
  #repeated = Promise.resolve();

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
    const isRepeated = repeatable.has(method);
    try {
      return await this.#send(method, params, options, isRepeated);
    } catch (error) {
      const isLost = error instanceof EngineError && error.kind === 'EngineDied';
      if (!isLost || !isRepeated || this.#disposed) throw error;
      return this.#sendAlone(method, params, options);
    }
  }

  /** After all other repeated requests, so that what kills the process again takes nothing else with it. */
  #sendAlone<Method extends EngineMethod>(
    method: Method,
    params: EngineRequests[Method]['params'],
    options: RequestOptions,
  ): Promise<EngineRequests[Method]['result']> {
    const answer = this.#repeated.then(() => this.#send(method, params, options, false));
    this.#repeated = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  }

  async #send<Method extends EngineMethod>(
    method: Method,
    params: EngineRequests[Method]['params'],
    options: RequestOptions,
    isRepeated: boolean,
  ): Promise<EngineRequests[Method]['result']> {
    if (this.#disposed) throw shutDown();
    if (options.signal?.aborted) throw cancelled();
    const running = (this.#running ??= this.#start());
    const job = this.#nextJob++;
    const cancellation = new CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    if (options.onProgress) this.#progress.set(job, options.onProgress);
    try {
      return await untilDeath(
        running,
        isRepeated,
        running.connection.sendRequest(
          requestType(method),
          { job, params, allowedFolders: this.#options.allowedFolders?.() ?? null },
          cancellation.token,
        ),
      );
    } catch (error) {
      throw options.signal?.aborted ? cancelled() : toEngineError(error);
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      this.#progress.delete(job);
      cancellation.dispose();
    }
  }

  /** Ends the process, as if it had died; the next request starts a new one. */
  restart(): void {
    this.#kill(new EngineError('The host process was restarted.', 'EngineDied'));
  }

  /** Ends the process; pending requests and all that follow are rejected. */
  dispose(): void {
    this.#disposed = true;
    this.#kill(shutDown());
  }

  #kill(reason: EngineError): void {
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    end(running, reason);
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
    const running = { process, connection, pending: new Set<Pending>() };
    process.on('error', (error) => this.#mourn(running, `failed (${error.message})`));
    process.once('exit', (code, signal) =>
      this.#mourn(running, signal ? `was killed (${signal})` : `ended with exit code ${code ?? 'unknown'}`),
    );
    return running;
  }

  #mourn(running: Running, reason: string): void {
    if (this.#running !== running) return;
    this.#running = null;
    const stoppedCount = [...running.pending].filter(({ isRepeated }) => !isRepeated).length;
    const consequence = stoppedCount > 0 ? 'The job was stopped: run it again.' : 'It is started again when it is needed.';
    const message = `The host process of Model Rebase ${reason}. ${consequence}`;
    end(running, new EngineError(message, 'EngineDied'));
    this.#options.onDeath?.({ message, stoppedCount });
  }

  #forwardOutput(process: ChildProcess): void {
    for (const stream of [process.stdout, process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#options.log?.(line));
    }
  }
}

/** The answer, or a rejection when the process ends first. Its rejection is forgotten once it is answered. */
async function untilDeath<Result>({ pending }: Running, isRepeated: boolean, answer: Promise<Result>): Promise<Result> {
  let waiting!: Pending;
  const death = new Promise<never>((_, reject) => pending.add((waiting = { isRepeated, reject })));
  try {
    return await Promise.race([answer, death]);
  } finally {
    pending.delete(waiting);
  }
}

/** Rejects what waits, before the connection does so with a message that says nothing. */
function end({ connection, pending }: Running, error: EngineError): void {
  for (const { reject } of pending) reject(error);
  connection.dispose();
}

function shutDown(): EngineError {
  return new EngineError('The host process was shut down.', 'EngineDied');
}

function cancelled(): EngineError {
  return new EngineError('Cancelled.', 'AbortError');
}

function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof ResponseError) return new EngineError(error.message, (error.data as ErrorData | undefined)?.name ?? 'Error');
  return new EngineError(messageOf(error), 'Error');
}
