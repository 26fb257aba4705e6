import { randomUUID } from 'node:crypto';
import { type LogOutputChannel, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from 'vscode';
import { type DiffReport, reportFromJson, reportToJson } from '../../compare/report/index.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import { messageOf } from '../../base/errors.js';
import { visibleText } from '../../base/visibleText.js';
import { readDiffOptions } from '../kit/settings.js';
import { DiffPage } from './diffPage.js';
import { type DiffInputs, DiffSession } from './diffSession.js';
import { isNewerThanInputs } from './reportAge.js';
import type { ReportFormat, ReportStore } from '../kit/reportStore.js';
import { runDiffWith } from './runDiff.js';
import { pageResources } from '../kit/webviewPage.js';

export const diffPanelType = 'modelRebase.diff';

export const diffReportFormat: ReportFormat<DiffReport> = { suffix: '.modeldiff.json', toText: reportToJson, fromText: reportFromJson };

/** What a panel needs to come back after a reload. */
interface RestoreState extends DiffInputs {
  /** Identifier of its report in the store. */
  readonly id: string;
}

interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly session: DiffSession;
}

function readRestoreState(state: unknown): RestoreState | undefined {
  const restore = (state as { restore?: Partial<RestoreState> } | undefined)?.restore;
  if (typeof restore?.a !== 'string' || typeof restore.b !== 'string' || typeof restore.id !== 'string') return undefined;
  return /^[\w-]+$/.test(restore.id) ? { a: restore.a, b: restore.b, id: restore.id } : undefined;
}

function newId(): string {
  return `${Date.now()}-${randomUUID()}`;
}

/** All open diff panels: one for each pair of models. */
export class DiffPanels extends DisposableOwner implements WebviewPanelSerializer {
  private readonly open = new Map<string, OpenPanel>();

  constructor(
    private readonly extension: Uri,
    private readonly engine: Engine,
    private readonly store: ReportStore<DiffReport>,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this.register(window.registerWebviewPanelSerializer(diffPanelType, this));
  }

  /** Shows the diff of two models; runs it again when its panel is open already. */
  show(inputs: DiffInputs): DiffSession {
    const known = this.open.get(this.keyOf(inputs));
    if (known !== undefined) {
      known.panel.reveal();
      void known.session.run(readDiffOptions());
      return known.session;
    }
    const options = { enableFindWidget: true, localResourceRoots: pageResources(this.extension) };
    const panel = window.createWebviewPanel(diffPanelType, '', ViewColumn.Active, options);
    const session = this.attach(panel, { ...inputs, id: newId() });
    void session.run(readDiffOptions());
    return session;
  }

  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const restore = readRestoreState(state);
    if (restore === undefined) {
      panel.dispose();
      return;
    }
    const saved = await this.freshReport(restore);
    const session = this.attach(panel, restore, saved);
    if (saved === undefined) void session.run(readDiffOptions());
  }

  private attach(panel: WebviewPanel, restore: RestoreState, saved?: DiffReport): DiffSession {
    const session = new DiffSession({ a: restore.a, b: restore.b }, runDiffWith(this.engine), saved);
    panel.title = visibleText(session.title);
    panel.iconPath = { light: this.media('diff-light.svg'), dark: this.media('diff-dark.svg') };
    const page = new DiffPage(panel.webview, session, this.engine, this.extension, () => this.swap(panel, restore), restore);
    const saving = session.onDidChangeState(() => this.save(restore.id, session.report));
    this.open.set(this.keyOf(restore), { panel, session });
    panel.onDidDispose(() => {
      for (const part of [page, saving, session]) part.dispose();
      this.open.delete(this.keyOf(restore));
      void this.store.delete(restore.id);
    });
    return session;
  }

  /** A panel of its own, since panels are told by their sides in order; this one makes room for it. */
  private swap(panel: WebviewPanel, { a, b }: DiffInputs): void {
    this.show({ a: b, b: a });
    panel.dispose();
  }

  private async freshReport(restore: RestoreState): Promise<DiffReport | undefined> {
    const saved = await this.store.load(restore.id);
    return saved !== undefined && (await isNewerThanInputs(saved, restore, this.engine)) ? saved : undefined;
  }

  private save(id: string, report: DiffReport | undefined): void {
    if (report === undefined) return;
    this.store.save(id, report).catch((error: unknown) => this.log.warn(`Keeping a report for the next reload: ${messageOf(error)}`));
  }

  private media(name: string): Uri {
    return Uri.joinPath(this.extension, 'media', name);
  }

  private keyOf({ a, b }: DiffInputs): string {
    return JSON.stringify([a, b]);
  }
}
