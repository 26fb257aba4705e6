import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { formatBytes, formatSeconds } from '../../compare/report/index.js';
import { ByteTail, LineSplitter, type OutputLine } from './commandOutput.js';
import { environmentOf, notFound, type CommandPlace } from './findProgram.js';
import { OutsideCommandError } from './outsideCommandError.js';
import { ProcessGroup } from './processGroup.js';

export interface ProcessOptions extends CommandPlace {
  readonly timeoutSeconds: number | null;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
  /** How long processes may take to end when they are asked to. */
  readonly graceMs?: number | undefined;
  /** Most bytes that may be printed. */
  readonly mostOutputBytes?: number | undefined;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last mebibyte of what it printed. */
  readonly stdout: string;
  readonly lastLines: readonly string[];
}

const defaultGraceMs = 5000;
const defaultMostOutputBytes = 64 * 1024 * 1024;
const stdoutTailBytes = 1024 * 1024;
const keptLines = 10;
/** A process that left the group may hold the pipes open for ever; what the command wrote is here long before this. */
const drainMs = 5000;
const longestTimerMs = 2 ** 31 - 1;

/**
 * Runs a program, without a shell, to its end; then nothing that it started is left, short of what left its process group.
 * @throws OutsideCommandError when it cannot start, takes too long or prints too much; the signal's reason when aborted
 */
export async function runProcess(command: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  options.signal?.throwIfAborted();
  const child = await start(command, options);
  const group = new ProcessGroup(child.pid!);
  const stop = new Stop(options);
  const output = new Output(child, options, (error) => stop.now(error));
  const closed = once(child, 'close');
  await Promise.race([exitOf(child), stop.requested]);
  stop.dispose();
  await group.end(options.graceMs ?? defaultGraceMs);
  await Promise.race([closed, delay(drainMs, undefined, { ref: false })]);
  output.end();
  stop.throwIfRequested(output.lastLines);
  return { code: child.exitCode, signal: child.signalCode, stdout: output.stdout.text(), lastLines: output.lastLines };
}

async function start([program = '', ...args]: readonly string[], options: ProcessOptions): Promise<ChildProcess> {
  try {
    const child = spawn(program, args, {
      cwd: options.workingFolder,
      env: environmentOf(options),
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'EACCES') throw notFound(program, error);
    throw new OutsideCommandError(`${program} could not be started: ${String(error)}. Check its arguments.`, { cause: error });
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Why a process has to end before its time: the first reason counts. */
class Stop {
  /** Resolves, never rejects. */
  readonly requested: Promise<unknown>;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | null;
  readonly #onAbort = () => this.now(this.options.signal?.reason);

  constructor(private readonly options: ProcessOptions) {
    const { timeoutSeconds, signal } = options;
    this.requested = once(this.#controller.signal, 'abort');
    this.#timer = timeoutSeconds === null ? null : setTimeout(() => this.now(timedOut(timeoutSeconds)), timerMs(timeoutSeconds));
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  now(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** From here on only a flood is a reason. */
  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.options.signal?.removeEventListener('abort', this.#onAbort);
  }

  throwIfRequested(lastLines: readonly string[]): void {
    const { aborted, reason } = this.#controller.signal as { aborted: boolean; reason: unknown };
    if (aborted) throw reason instanceof OutsideCommandError ? withLastLines(reason.message, lastLines) : reason;
  }
}

function timerMs(seconds: number): number {
  return Math.min(seconds * 1000, longestTimerMs);
}

function timedOut(seconds: number): OutsideCommandError {
  return new OutsideCommandError(`The command did not end within ${formatSeconds(seconds)} and was stopped. Allow it more time.`);
}

/** An error that shows what the command said last. */
export function withLastLines(message: string, lastLines: readonly string[]): OutsideCommandError {
  const shown = lastLines.filter((line) => line.trim() !== '');
  const lines = shown.length === 0 ? ' It printed nothing.' : ` Its last lines:\n${shown.map((line) => `  ${line}`).join('\n')}`;
  return new OutsideCommandError(message + lines);
}

/** What a process prints: passed on line by line, of which only the end is kept. */
class Output {
  readonly stdout = new ByteTail(stdoutTailBytes);
  readonly lastLines: string[] = [];
  readonly #splitters: LineSplitter[] = [];
  #byteLength = 0;

  constructor(
    private readonly child: ChildProcess,
    private readonly options: ProcessOptions,
    private readonly onFlood: (error: OutsideCommandError) => void,
  ) {
    this.#follow('stdout', child.stdout!);
    this.#follow('stderr', child.stderr!);
  }

  /** Passes on lines without an end, and lets go of pipes that are still open. */
  end(): void {
    this.child.stdout!.destroy();
    this.child.stderr!.destroy();
    for (const splitter of this.#splitters) splitter.end();
  }

  #follow(stream: OutputLine['stream'], readable: Readable): void {
    const splitter = new LineSplitter((text) => this.#pass({ stream, text }));
    this.#splitters.push(splitter);
    readable.on('data', (chunk: Buffer) => {
      if (!this.#hasRoom(chunk.byteLength)) return;
      if (stream === 'stdout') this.stdout.add(chunk);
      splitter.add(chunk);
    });
  }

  #hasRoom(byteLength: number): boolean {
    const most = this.options.mostOutputBytes ?? defaultMostOutputBytes;
    this.#byteLength += byteLength;
    if (this.#byteLength <= most) return true;
    const message = `The command printed more than ${formatBytes(most)} and was stopped. Let it print less, and write its result to {output}.`;
    this.onFlood(new OutsideCommandError(message));
    return false;
  }

  #pass(line: OutputLine): void {
    this.lastLines.push(line.text);
    if (this.lastLines.length > keptLines) this.lastLines.shift();
    this.options.onOutput?.(line);
  }
}
