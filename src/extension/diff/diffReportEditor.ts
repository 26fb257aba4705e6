import { type CustomDocument, type CustomReadonlyEditorProvider, type Uri, type WebviewPanel, workspace } from 'vscode';
import { type DiffReport, reportFromJson } from '../../compare/report/index.js';
import type { Engine } from '../kit/engineService.js';
import { namedBy } from '../kit/namedPaths.js';
import { DiffPage } from './diffPage.js';
import type { DiffPanels } from './diffPanels.js';
import { DiffSession } from './diffSession.js';
import { runDiffWith } from './runDiff.js';
import { maxTextBytes, readText } from '../../base/readFile.js';

export const diffReportEditorType = 'modelRebase.diffReport';

interface ReportDocument extends CustomDocument {
  readonly report: DiffReport;
}

/** Reopens a saved report (`*.modeldiff.json`) in the diff panel. */
export class DiffReportEditor implements CustomReadonlyEditorProvider<ReportDocument> {
  constructor(
    private readonly extension: Uri,
    private readonly engine: Engine,
    private readonly panels: DiffPanels,
  ) {}

  async openCustomDocument(uri: Uri): Promise<ReportDocument> {
    const report = reportFromJson(await readText(uri.fsPath, { maxBytes: maxTextBytes }), uri.fsPath);
    return { uri, report, dispose: () => undefined };
  }

  resolveCustomEditor({ uri, report }: ReportDocument, panel: WebviewPanel): void {
    const inputs = { a: report.a.path, b: report.b.path };
    const session = new DiffSession(inputs, runDiffWith(this.engine), report, namedBy(uri.fsPath));
    const showSwapped = (): void => void this.panels.show({ a: inputs.b, b: inputs.a });
    const page = new DiffPage(panel.webview, session, this.engine, this.extension, showSwapped);
    const trust = workspace.onDidGrantWorkspaceTrust(() => session.lookForInputs());
    panel.onDidDispose(() => {
      for (const part of [trust, page, session]) part.dispose();
    });
  }
}
