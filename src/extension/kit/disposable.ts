import type { Disposable } from 'vscode';

/** Owns other disposables and disposes them with itself, last registered first. */
export class DisposableOwner implements Disposable {
  private readonly owned: Disposable[] = [];
  private disposed = false;

  /** Takes ownership; returns what it was given, so that a field can be made and registered in one line. */
  protected register<Owned extends Disposable>(disposable: Owned): Owned {
    if (this.disposed) disposable.dispose();
    else this.owned.push(disposable);
    return disposable;
  }

  protected get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    for (const disposable of this.owned.splice(0).reverse()) disposable.dispose();
  }
}
