import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ByteTail } from './byteTail.js';
import { LineSplitter } from './lineSplitter.js';
import { OutsideCommandError } from './outsideCommandError.js';
import { formatBytes } from '../format.js';

/** A line that a command printed, without its end. Longer ones come in pieces. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface OutputOptions {
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
  /** Most bytes that may be printed. */
  readonly mostOutputBytes?: number | undefined;
}

const defaultMostOutputBytes = 64 * 1024 * 1024;
const stdoutTailBytes = 1024 * 1024;
const keptLines = 10;

/** What a command prints: passed on line by line, of which only the end is kept. */
export class CommandOutput {
  readonly stdout = new ByteTail(stdoutTailBytes);
  readonly lastLines: string[] = [];
  readonly #splitters: LineSplitter[] = [];
  #byteLength = 0;

  constructor(
    private readonly child: ChildProcess,
    private readonly options: OutputOptions,
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
