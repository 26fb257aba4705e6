import { stat } from 'node:fs/promises';
import { EventEmitter, type Uri, workspace } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';

async function isFolder(uri: Uri): Promise<boolean> {
  return stat(uri.fsPath).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/**
 * Tells when a folder appears or something is deleted. VS Code reports a folder that is moved or deleted as one event,
 * without one for each file in it, so that a pattern for weights does not notice.
 */
export class FolderWatcher extends DisposableOwner {
  private readonly created = this.register(new EventEmitter<Uri>());

  readonly onDidCreateFolder = this.created.event;
  /** A file or a folder: what is gone cannot be asked what it was. */
  readonly onDidDelete;

  constructor() {
    super();
    const watcher = this.register(workspace.createFileSystemWatcher('**', false, true, false));
    this.onDidDelete = watcher.onDidDelete;
    this.register(watcher.onDidCreate((uri) => void this.tellIfFolder(uri)));
  }

  private async tellIfFolder(uri: Uri): Promise<void> {
    if ((await isFolder(uri)) && !this.isDisposed) this.created.fire(uri);
  }
}
