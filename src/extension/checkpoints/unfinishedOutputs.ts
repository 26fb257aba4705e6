import { dirname } from 'node:path';
import { EventEmitter, type LogOutputChannel } from 'vscode';
import { messageOf } from '../../base/errors.js';
import { inNaturalOrder } from '../../base/naturalOrder.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import type { KeptPartial } from '../transfer/combineRoom.js';

/** That a process ends which writes an output changes no file. */
const pollMilliseconds = 15_000;

/** Outputs of the workspace that are being written, or were begun and can be resumed or removed. */
export class UnfinishedOutputs extends DisposableOwner {
  private readonly lookedAgain = this.register(new EventEmitter<void>());
  private timer: NodeJS.Timeout | undefined;
  private found: readonly KeptPartial[] = [];

  /** Fires when it has looked again of itself. */
  readonly onDidLookAgain = this.lookedAgain.event;

  constructor(
    private readonly engine: Engine,
    private readonly log: LogOutputChannel,
  ) {
    super();
  }

  get all(): readonly KeptPartial[] {
    return this.found;
  }

  /** Looks what is there, and again while somebody writes. @param partials folders of outputs in the making */
  async look(partials: readonly string[]): Promise<void> {
    const folders = [...new Set(partials.map(dirname))];
    const found = await Promise.all(folders.map((folder) => this.lookIn(folder)));
    this.found = inNaturalOrder(found.flat(), ({ output }) => output);
    clearTimeout(this.timer);
    if (this.isDisposed || this.found.every(({ writer }) => writer === null)) return;
    this.timer = setTimeout(() => void this.lookAgain(partials), pollMilliseconds);
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }

  private async lookAgain(partials: readonly string[]): Promise<void> {
    await this.look(partials);
    if (!this.isDisposed) this.lookedAgain.fire();
  }

  private async lookIn(folder: string): Promise<readonly KeptPartial[]> {
    return this.engine.request('combine/kept', { folder }).catch((error: unknown) => {
      this.log.warn(messageOf(error));
      return [];
    });
  }
}
