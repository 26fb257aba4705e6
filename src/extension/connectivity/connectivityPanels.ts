import { randomUUID } from 'node:crypto';
import { type LogOutputChannel, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from 'vscode';
import { DisposableOwner } from '../disposable.js';
import { messageOf } from '../errors.js';
import type { ReportStore } from '../panels/reportStore.js';
import { pageResources } from '../panels/webviewPage.js';
import { ConnectivityPage } from './connectivityPage.js';
import type { ConnectivityRequest, ConnectivityRun } from './connectivityRoom.js';
import { ConnectivitySession, type RunConnectivity } from './connectivitySession.js';

export const connectivityPanelType = 'modelRebase.connectivity';

export interface ConnectivityPanelServices {
  readonly extension: Uri;
  readonly runConnectivity: RunConnectivity;
  readonly store: ReportStore<ConnectivityRun>;
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
    const run = id === undefined ? undefined : await this.services.store.load(id);
    if (id === undefined || run === undefined) panel.dispose();
    else this.attach(panel, id, run.title, run);
  }

  private attach(panel: WebviewPanel, id: string, title: string, run?: ConnectivityRun): ConnectivitySession {
    const { extension, runConnectivity, store } = this.services;
    const session = new ConnectivitySession(title, runConnectivity, run);
    const media = (name: string): Uri => Uri.joinPath(extension, 'media', name);
    panel.iconPath = { light: media('connectivity-light.svg'), dark: media('connectivity-dark.svg') };
    panel.title = session.title;
    const page = new ConnectivityPage(panel.webview, session, extension, { id });
    const saving = session.onDidChangeState(() => {
      panel.title = session.title;
      this.save(id, session.run);
    });
    panel.onDidDispose(() => {
      for (const part of [page, saving, session]) part.dispose();
      void store.delete(id);
    });
    return session;
  }

  private save(id: string, run: ConnectivityRun | undefined): void {
    if (run === undefined) return;
    const { store, log } = this.services;
    store.save(id, run).catch((error: unknown) => log.warn(`Keeping a run for the next reload: ${messageOf(error)}`));
  }
}
