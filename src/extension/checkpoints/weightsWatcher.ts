import { EventEmitter, RelativePattern, type Uri, workspace } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';

/** Training writes many files in a row: wait until it pauses, so that a half-written checkpoint is not shown. */
const quietMilliseconds = 400;

/**
 * Files whose change alters what a checkpoint is: weights, their indices (of variants too), and the model's configuration. VS Code's
 * patterns have no braces within braces: what stands behind such is not watched.
 */
const watchedFiles =
  '**/{*.safetensors,*.safetensors.*json,pytorch_model*.bin,pytorch_model.bin.*json,adapter_model.bin,*.pt,*.pth,*.ckpt,*.gguf,*.distcp,weights.npz,model.npz,adapters.npz,config.json,model_index.json}';

/** Tells, after a short quiet, that files of checkpoints changed. */
export class WeightsWatcher extends DisposableOwner {
  private readonly settled = this.register(new EventEmitter<void>());
  private timer: NodeJS.Timeout | undefined;

  readonly onDidSettle = this.settled.event;

  /** @param folder Where to watch; without one, all workspace folders. */
  constructor(folder?: Uri, pattern = watchedFiles) {
    super();
    const watcher = this.register(workspace.createFileSystemWatcher(folder === undefined ? pattern : new RelativePattern(folder, pattern)));
    const schedule = (): void => this.schedule();
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) this.register(event(schedule));
  }

  /** Tells after a quiet, as if a watched file had changed. */
  schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settled.fire(), quietMilliseconds);
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }
}
