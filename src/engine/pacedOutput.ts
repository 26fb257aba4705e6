import { plural } from '../base/format.js';
import type { OutputLine } from '../base/process/commandOutput.js';

/** Nobody reads more in a second, and a terminal or an output channel would be busy with it for minutes. */
const mostLinesPerSecond = 500;

/** Passes on what a command prints line by line; of a flood it passes on the first lines of each second, and counts the rest. */
export class PacedOutput {
  #second = -1;
  #shown = 0;
  #leftOut = 0;

  /** @param now milliseconds that only grow */
  constructor(
    private readonly pass: (line: OutputLine) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Runs `work`, and in the end tells what was left out last. */
  static async use<Result>(
    pass: (line: OutputLine) => void,
    work: (onOutput: (line: OutputLine) => void) => Promise<Result>,
  ): Promise<Result> {
    const output = new PacedOutput(pass);
    return work((line) => output.add(line)).finally(() => output.end());
  }

  add(line: OutputLine): void {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.#second) {
      this.end();
      this.#second = second;
      this.#shown = 0;
    }
    if (this.#shown < mostLinesPerSecond) this.pass(line);
    else this.#leftOut++;
    this.#shown++;
  }

  end(): void {
    if (this.#leftOut > 0) this.pass({ stream: 'stderr', text: `… ${plural(this.#leftOut, 'line')} not shown` });
    this.#leftOut = 0;
  }
}
