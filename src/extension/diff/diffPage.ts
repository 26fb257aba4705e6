import { commands, Uri, type Webview } from 'vscode';
import {
  Channel,
  type DiffPanelEvents,
  type DiffPanelRequests,
  type ExportFormat,
  type FileComparison,
  spansOf,
} from '../../webview/index.js';
import type { TensorDetail, TensorDiff, DiffReport } from '../../compare/report/index.js';
import { parseMapRule } from '../../model/correspondence/index.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import { readDiffOptions } from '../kit/settings.js';
import type { DiffedPair } from '../transfer/draft.js';
import type { DiffSession } from './diffSession.js';
import { exportReport, savePicture } from './exportReport.js';
import { compareTextFiles, diffTextFile, revealSide } from './sideFiles.js';
import { showPage } from '../kit/webviewPage.js';

type Params<Method extends keyof DiffPanelRequests> = DiffPanelRequests[Method]['params'];

/** Shows a session in a webview and answers what the page asks. The session's owner is someone else. */
export class DiffPage extends DisposableOwner {
  private readonly channel: Channel<DiffPanelRequests, DiffPanelEvents>;
  private readonly closing = new AbortController();
  /** By record of the report, so that a new report begins anew. */
  private readonly details = new WeakMap<TensorDiff, TensorDetail>();

  constructor(
    webview: Webview,
    private readonly session: DiffSession,
    private readonly engine: Engine,
    extension: Uri,
    private readonly showSwapped: () => void,
    restore?: unknown,
  ) {
    super();
    this.channel = this.register(new Channel<DiffPanelRequests, DiffPanelEvents>((message) => webview.postMessage(message)));
    this.register(webview.onDidReceiveMessage((message: unknown) => this.channel.receive(message)));
    this.register(session.onDidChangeState((state) => this.channel.emit('state', state)));
    this.register(session.onDidProgress((progress) => this.channel.emit('progress', progress)));
    this.answerRequests();
    showPage(webview, { extension, bundle: 'diffPanel', title: session.title, restore });
  }

  override dispose(): void {
    this.closing.abort();
    super.dispose();
  }

  private answerRequests(): void {
    this.channel.handle({
      ready: () => this.session.state,
      tensor: ({ index }) => this.tensor(index),
      detail: ({ index }) => this.detail(index),
      cancel: () => this.cancel(),
      rerun: (params) => this.rerun(params),
      exportReport: ({ format }) => this.export(format),
      exportPicture: async (picture) => ({ savedTo: await savePicture(this.report, picture) }),
      diffTextFile: ({ file }) => this.withInputs(() => diffTextFile(this.report, file)),
      openTensor: (params) => this.openTensor(params),
      compareTextFiles: () => this.compareTextFiles(),
      swap: () => this.swap(),
      transfer: () => this.startWith('transfer'),
      interpolate: () => this.startWith('interpolate'),
      reveal: ({ side }) => this.withInputs(() => revealSide(this.session.inputs[side])),
    });
  }

  private async withInputs(work: () => Promise<void>): Promise<null> {
    this.session.requireInputs();
    await work();
    return null;
  }

  private get report(): DiffReport {
    if (this.session.report === undefined) throw new Error('There is no report yet: the comparison has not ended.');
    return this.session.report;
  }

  private tensor(index: number): TensorDiff {
    const tensor = this.session.shownReport?.tensors[index];
    if (tensor === undefined) throw new Error(`The report has no tensor number ${index}.`);
    return tensor;
  }

  /** Kept for when the panel is shown again: VS Code forgets the page of a hidden tab. */
  private async detail(index: number): Promise<TensorDetail> {
    const known = this.details.get(this.tensor(index));
    if (known !== undefined) return known;
    this.session.requireInputs();
    const tensor = this.tensor(index);
    const detail = await this.readDetail(tensor);
    this.details.set(tensor, detail);
    return detail;
  }

  private readDetail(tensor: TensorDiff): Promise<TensorDetail> {
    const { name, nameB, matchedBy } = tensor;
    const { prefixMap, nameMap } = this.report;
    const found = matchedBy === null ? undefined : { matchedBy, prefixMap, nameMap };
    const spans = spansOf(tensor) ?? undefined;
    return this.engine.request(
      'diff/tensor',
      { ...this.session.inputs, nameA: name, nameB: nameB ?? name, found, spans },
      { signal: this.closing.signal },
    );
  }

  private async compareTextFiles(): Promise<FileComparison[]> {
    this.session.requireInputs();
    return compareTextFiles(this.report);
  }

  private swap(): null {
    this.session.requireInputs();
    this.showSwapped();
    return null;
  }

  private cancel(): null {
    this.session.cancel();
    return null;
  }

  private async openTensor({ index, side }: Params<'openTensor'>): Promise<null> {
    this.session.requireInputs();
    const { name, nameB } = this.tensor(index);
    const own = side === 'a' ? name : (nameB ?? name);
    await commands.executeCommand('modelRebase.openCheckpoint', Uri.file(this.session.inputs[side]), [], 'keep', own);
    return null;
  }

  /** Answers at once: the commands ask their own questions. */
  private startWith(command: 'transfer' | 'interpolate'): null {
    this.session.requireInputs();
    const { a, b } = this.session.inputs;
    void commands.executeCommand(`modelRebase.${command}`, { base: a, finetuned: b } satisfies DiffedPair);
    return null;
  }

  /** Answers at once: how it goes on arrives as events. @throws MapRuleError, PatternError for a rule that cannot be meant */
  private rerun(params: Params<'rerun'>): null {
    this.session.requireInputs();
    const rules = params && { prefixMap: params.prefixMap, nameMap: params.nameRules.map(parseMapRule) };
    void this.session.run(readDiffOptions(), rules);
    return null;
  }

  private async export(format: ExportFormat): Promise<{ savedTo: string | null }> {
    return { savedTo: await exportReport(this.report, format) };
  }
}
