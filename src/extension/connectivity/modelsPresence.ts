import { dirname } from 'node:path';
import { RelativePattern, Uri, type WebviewPanel, workspace } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';
import type { ConnectivitySession } from './connectivitySession.js';

/**
 * Lets a session look again whether its models are there: when one of them comes or goes, and, because not every file
 * system tells that, when its panel is shown or gets the focus.
 */
export class ModelsPresence extends DisposableOwner {
  private readonly watched = new Set<string>();

  constructor(
    panel: WebviewPanel,
    private readonly session: ConnectivitySession,
  ) {
    super();
    this.register(panel.onDidChangeViewState(() => session.lookForModels()));
    this.register(workspace.onDidGrantWorkspaceTrust(() => session.lookForModels()));
    this.register(session.onDidChangeState(() => this.watchAll()));
    this.watchAll();
  }

  private watchAll(): void {
    for (const path of this.session.watchablePaths) this.watch(dirname(path));
  }

  /** The folder around a model: one that is deleted itself cannot be watched for coming back. */
  private watch(folder: string): void {
    if (this.watched.has(folder)) return;
    this.watched.add(folder);
    const watcher = this.register(workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '*'), false, true, false));
    const look = ({ fsPath }: Uri): void => {
      if (this.session.watchablePaths.includes(fsPath)) this.session.lookForModels();
    };
    this.register(watcher.onDidCreate(look));
    this.register(watcher.onDidDelete(look));
  }
}
