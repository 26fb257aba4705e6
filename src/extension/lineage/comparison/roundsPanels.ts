import { randomUUID } from 'node:crypto';
import { type LogOutputChannel, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from 'vscode';
import { Channel, type RoundsPanelEvents, type RoundsPanelRequests } from '../../../webview/index.js';
import { DisposableOwner } from '../../kit/disposable.js';
import type { Engine } from '../../kit/engineService.js';
import { messageOf } from '../../../base/errors.js';
import { visibleText } from '../../../base/visibleText.js';
import { ReportStore } from '../../kit/reportStore.js';
import { pageResources, showPage } from '../../kit/webviewPage.js';
import type { RoundsReport } from '../lineageRoom.js';
import { RoundsSession, titleOf } from './roundsSession.js';

export const roundsPanelType = 'modelRebase.rounds';

interface RoundsServices {
  readonly extension: Uri;
  readonly engine: Engine;
  readonly log: LogOutputChannel;
  /** Folder for reports of panels that were not closed. */
  readonly reports: string;
}

/** What comes back after a reload. */
interface Restored {
  readonly id: string;
  readonly paths: readonly string[];
}

/** Reports keep no NaN: plain JSON says all of them. */
const format = {
  suffix: '.rounds.json',
  toText: (report: RoundsReport) => JSON.stringify(report),
  fromText: (text: string) => JSON.parse(text) as RoundsReport, // written by this program into its own storage
};

function readRestored(state: unknown): Restored | undefined {
  const { id, paths } = (state as { restore?: { id?: unknown; paths?: unknown } } | undefined)?.restore ?? {};
  const isWhole = typeof id === 'string' && /^[\w-]+$/.test(id) && Array.isArray(paths);
  return isWhole ? { id, paths: paths.filter((path) => typeof path === 'string') } : undefined;
}

/** All open panels that compare rounds. */
export class RoundsPanels extends DisposableOwner implements WebviewPanelSerializer {
  private readonly store: ReportStore<RoundsReport>;

  constructor(private readonly services: RoundsServices) {
    super();
    this.store = new ReportStore(services.reports, format);
    this.register(window.registerWebviewPanelSerializer(roundsPanelType, this));
  }

  /** Opens a panel and measures the rounds of lineages in it. */
  show(paths: readonly string[]): void {
    const options = { enableFindWidget: true, localResourceRoots: pageResources(this.services.extension) };
    const panel = window.createWebviewPanel(roundsPanelType, visibleText(titleOf(paths)), ViewColumn.Active, options);
    void this.attach(panel, { id: `${Date.now()}-${randomUUID()}`, paths }, null).measure();
  }

  /** A panel comes back with what was measured before the reload; when that was nothing, it is measured now. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const restored = readRestored(state);
    if (restored === undefined) {
      panel.dispose();
      return;
    }
    const report = (await this.store.load(restored.id)) ?? null;
    const session = this.attach(panel, restored, report);
    if (report === null) void session.measure();
  }

  private attach(panel: WebviewPanel, { id, paths }: Restored, report: RoundsReport | null): RoundsSession {
    const { extension, engine } = this.services;
    const session = new RoundsSession(paths, engine, report);
    const media = (name: string): Uri => Uri.joinPath(extension, 'media', name);
    panel.iconPath = { light: media('lineage-light.svg'), dark: media('lineage-dark.svg') };
    const channel = new Channel<RoundsPanelRequests, RoundsPanelEvents>((message) => panel.webview.postMessage(message));
    answerRequests(channel, session);
    const parts = [
      channel,
      session,
      panel.webview.onDidReceiveMessage((message: unknown) => channel.receive(message)),
      session.onDidChangeState(() => this.save(id, session.report)),
    ];
    showPage(panel.webview, { extension, bundle: 'lineagePanel', title: titleOf(paths), restore: { id, paths } });
    panel.onDidDispose(() => {
      for (const part of parts) part.dispose();
      void this.store.delete(id);
    });
    return session;
  }

  private save(id: string, report: RoundsReport | null): void {
    if (report === null) return;
    this.store.save(id, report).catch((error: unknown) => {
      this.services.log.warn(`Keeping compared rounds for the next reload: ${messageOf(error)}`);
    });
  }
}

function answerRequests(channel: Channel<RoundsPanelRequests, RoundsPanelEvents>, session: RoundsSession): void {
  session.onDidChangeState((state) => channel.emit('state', state));
  session.onDidProgress((progress) => channel.emit('progress', progress));
  channel.handle({
    ready: () => session.state,
    measure: () => answerAtOnce(() => session.measure()),
    score: () => answerAtOnce(() => session.score()),
    cancel: () => {
      session.cancel();
      return null;
    },
  });
}

/** How a job goes on arrives as events. */
function answerAtOnce(start: () => Promise<void>): null {
  void start();
  return null;
}
