import { EventEmitter } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';

/** Tensors that panels of checkpoints are to show, asked for by others before or after a panel is there. */
export class TensorFinder extends DisposableOwner {
  private readonly asked = this.register(new EventEmitter<string>());
  private readonly names = new Map<string, string>();

  /** Fires with the address of a checkpoint whose panel has a tensor to show. */
  readonly onDidAsk = this.asked.event;

  ask(address: string, name: string): void {
    this.names.set(address, name);
    this.asked.fire(address);
  }

  /** What is to be shown, once. */
  take(address: string): string | null {
    const name = this.names.get(address) ?? null;
    this.names.delete(address);
    return name;
  }
}
