import { EventEmitter, type Pseudoterminal } from 'vscode';
import { DisposableOwner } from '../../kit/disposable.js';
import { messageOf } from '../../../base/errors.js';
import { lineageName } from '../view/words.js';
import { followFile } from './followFile.js';
import { runLog, TrainingProcess } from './trainingProcess.js';

const interrupt = '\u0003';

/** What becomes of a training is told to whoever started it. */
export interface TrainingListener {
  /** The exit code is that of `recycle run`: 0 when the round has its model. */
  onEnded(lineage: string, code: number): void;
  /** Its terminal was closed while it trains. */
  onLeft(lineage: string, training: TrainingProcess): void;
}

/** A terminal that shows a training. Ctrl+C stops it; closing the terminal does not. */
export class TrainingTerminal extends DisposableOwner implements Pseudoterminal {
  private readonly wrote = this.register(new EventEmitter<string>());
  private readonly closed = this.register(new EventEmitter<number>());
  private training: TrainingProcess | undefined;
  private isStopping = false;

  readonly onDidWrite = this.wrote.event;
  readonly onDidClose = this.closed.event;

  constructor(
    private readonly commandLine: string,
    private readonly lineage: string,
    private readonly listener: TrainingListener,
  ) {
    super();
  }

  open(): void {
    this.print(`Fine-tuning ${lineageName(this.lineage)}. Ctrl+C stops it; without this terminal it goes on.\n\n`);
    void this.run().then((code) => this.end(code));
  }

  close(): void {
    if (this.training !== undefined) this.listener.onLeft(this.lineage, this.training);
    this.dispose();
  }

  handleInput(data: string): void {
    if (data !== interrupt || this.training === undefined || this.isStopping) return;
    this.isStopping = true;
    this.print('\nStopping: the command may save its checkpoint…\n');
    void this.training.stop();
  }

  private async run(): Promise<number> {
    try {
      const training = await TrainingProcess.start(this.commandLine, this.lineage);
      this.training = training;
      await followFile(runLog(this.lineage), (text) => this.print(text), training.ended);
      return await training.ended;
    } catch (error) {
      this.print(`${messageOf(error)}\n`);
      return 1;
    }
  }

  private end(code: number): void {
    this.training = undefined;
    this.listener.onEnded(this.lineage, code);
    if (!this.isDisposed) this.closed.fire(code);
  }

  /** Terminals want a carriage return before every line feed. */
  private print(text: string): void {
    if (!this.isDisposed) this.wrote.fire(text.replaceAll(/\r?\n/g, '\r\n'));
  }
}
