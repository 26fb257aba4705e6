import type { CustomDocument, CustomReadonlyEditorProvider, Uri, WebviewPanel } from 'vscode';
import { ConnectivityPage } from './connectivityPage.js';
import { type ConnectivityRun, runFromJson } from './connectivityRoom.js';
import { ConnectivitySession, type RunConnectivity } from './connectivitySession.js';
import { namedBy } from '../kit/namedPaths.js';
import { ModelsPresence } from './modelsPresence.js';
import { maxTextBytes, readText } from '../../base/readFile.js';

export const connectivityEditorType = 'modelRebase.connectivityRun';

interface RunDocument extends CustomDocument {
  readonly run: ConnectivityRun;
}

/** Reopens a saved run (`*.connectivity.json`) in the connectivity panel. What is added to it is saved as a file of its own. */
export class ConnectivityEditor implements CustomReadonlyEditorProvider<RunDocument> {
  constructor(
    private readonly extension: Uri,
    private readonly runConnectivity: RunConnectivity,
  ) {}

  async openCustomDocument(uri: Uri): Promise<RunDocument> {
    const run = runFromJson(await readText(uri.fsPath, { maxBytes: maxTextBytes }), uri.fsPath);
    return { uri, run, dispose: () => undefined };
  }

  resolveCustomEditor({ uri, run }: RunDocument, panel: WebviewPanel): void {
    const session = new ConnectivitySession(run.title, this.runConnectivity, { run }, namedBy(uri.fsPath));
    const page = new ConnectivityPage(panel.webview, session, this.extension);
    const presence = new ModelsPresence(panel, session);
    panel.onDidDispose(() => {
      for (const part of [page, presence, session]) part.dispose();
    });
  }
}
