import type { CustomDocument, CustomReadonlyEditorProvider, Uri, WebviewPanel } from 'vscode';
import { CheckpointPage, type CheckpointPageServices } from './checkpointPage.js';

export const checkpointEditorType = 'modelRebase.checkpoint';
/** The same for files whose endings other programs use too: it is offered, and opens them when asked to. */
export const otherWeightsEditorType = 'modelRebase.otherWeights';

/** The read-only editor of a file of weights. */
export class CheckpointEditor implements CustomReadonlyEditorProvider {
  constructor(private readonly services: CheckpointPageServices) {}

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): void {
    const page = new CheckpointPage(panel.webview, uri.fsPath, false, this.services);
    panel.onDidDispose(() => page.dispose());
  }
}
