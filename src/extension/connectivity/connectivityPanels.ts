import { randomUUID } from 'node:crypto';
import { type LogOutputChannel, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';
import { messageOf } from '../../base/errors.js';
import { visibleText } from '../../base/visibleText.js';
import { pageResources } from '../kit/webviewPage.js';
import { ConnectivityPage } from './connectivityPage.js';
import type { ConnectivityRequest } from './connectivityRoom.js';
import { ConnectivitySession, type KnownRun, type RunConnectivity } from './connectivitySession.js';
import type { KeptRuns } from './keptRuns.js';
import { ModelsPresence } from './modelsPresence.js';

export const connectivityPanelType = 'modelRebase.connectivity';

export interface ConnectivityPanelServices {
  readonly extension: Uri;
  readonly runConnectivity: RunConnectivity;
  readonly kept: KeptRuns;
  readonly log: LogOutputChannel;
}

function readIdentifier(state: unknown): string | undefined {
  const id = (state as { restore?: { id?: unknown } } | undefined)?.restore?.id;
  return typeof id === 'string' && /^[\w-]+$/.test(id) ? id : undefined;
}

/** All open connectivity panels. */
export class ConnectivityPanels extends DisposableOwner implements WebviewPanelSerializer {
  constructor(private readonly services: ConnectivityPanelServices) {
    super();
    this.register(window.registerWebviewPanelSerializer(connectivityPanelType, this));
  }

  /** Opens a panel and scores what is asked for in it. */
  show(title: string, request: ConnectivityRequest): ConnectivitySession {
    const options = { enableFindWidget: true, localResourceRoots: pageResources(this.services.extension) };
    const panel = window.createWebviewPanel(connectivityPanelType, title, ViewColumn.Active, options);
    const session = this.attach(panel, `${Date.now()}-${randomUUID()}`, title);
    void session.start(request);
    return session;
  }

  /** A panel comes back with what was found before the reload; a job that ran then can be gone on with. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const id = readIdentifier(state);
    const { run, started } = id === undefined ? {} : await this.services.kept.load(id);
    const title = run?.title ?? started?.title;
    if (id === undefined || title === undefined) panel.dispose();
    else this.attach(panel, id, title, { run, request: started?.request });
  }

  private attach(panel: WebviewPanel, id: string, title: string, known: KnownRun = {}): ConnectivitySession {
    const { extension, runConnectivity, kept } = this.services;
    const session = new ConnectivitySession(title, runConnectivity, known);
    const media = (name: string): Uri => Uri.joinPath(extension, 'media', name);
    panel.iconPath = { light: media('connectivity-light.svg'), dark: media('connectivity-dark.svg') };
    panel.title = visibleText(session.title);
    const page = new ConnectivityPage(panel.webview, session, extension, { id });
    const saving = session.onDidChangeState(this.saver(id, session));
    const naming = session.onDidChangeState(() => (panel.title = visibleText(session.title)));
    const presence = new ModelsPresence(panel, session);
    panel.onDidDispose(() => {
      for (const part of [page, presence, saving, naming, session]) part.dispose();
      void kept.delete(id);
    });
    return session;
  }

  /** Keeps what is new of a session whenever it changes. */
  private saver(id: string, session: ConnectivitySession): () => void {
    const { kept, log } = this.services;
    const warn = (error: unknown): void => log.warn(`Keeping a run for the next reload: ${messageOf(error)}`);
    let { run, request } = session;
    return () => {
      if (session.request !== undefined && session.request !== request)
        kept.saveStarted(id, { title: session.title, request: session.request }).catch(warn);
      if (session.run !== undefined && session.run !== run) kept.saveRun(id, session.run).catch(warn);
      ({ run, request } = session);
    };
  }
}
