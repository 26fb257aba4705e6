import { basename } from 'node:path';
import { commands, env, type Uri, Uri as VscodeUri, type Webview } from 'vscode';
import { folderOfAddress, titleOf } from '../../checkpoint/index.js';
import { Channel, type CheckpointPanelEvents, type CheckpointPanelRequests, type CheckpointPanelState } from '../../webview/index.js';
import { WeightsWatcher } from './weightsWatcher.js';
import type { DiffSelection } from '../diff/diffSelection.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import { messageOf } from '../../base/errors.js';
import type { DiffPanels } from '../diff/diffPanels.js';
import { showPage } from '../kit/webviewPage.js';
import { summariseCheckpoint } from './checkpointSummary.js';
import type { TensorFinder } from './tensorFinder.js';

/** What checkpoint pages share. */
export interface CheckpointPageServices {
  readonly extension: Uri;
  readonly engine: Engine;
  readonly selection: DiffSelection;
  readonly diffPanels: DiffPanels;
  readonly finder: TensorFinder;
}

/** Shows the headers of a checkpoint in a webview, and shows them anew when its files change. */
export class CheckpointPage extends DisposableOwner {
  private readonly channel: Channel<CheckpointPanelRequests, CheckpointPanelEvents>;
  /** The page has asked what to show. */
  private isShown = false;

  constructor(
    webview: Webview,
    private readonly path: string,
    isFolder: boolean,
    private readonly services: CheckpointPageServices,
    restore?: unknown,
  ) {
    super();
    this.channel = this.register(new Channel<CheckpointPanelRequests, CheckpointPanelEvents>((message) => webview.postMessage(message)));
    this.register(webview.onDidReceiveMessage((message: unknown) => this.channel.receive(message)));
    const folder = VscodeUri.file(folderOfAddress(path));
    const watcher = this.register(isFolder ? new WeightsWatcher(folder) : new WeightsWatcher(folder, basename(path)));
    this.register(watcher.onDidSettle(() => void this.refresh()));
    this.register(services.finder.onDidAsk((address) => (address === path ? this.showTensor() : undefined)));
    this.answerRequests();
    showPage(webview, { extension: services.extension, bundle: 'checkpointPanel', title: titleOf(path), restore });
  }

  private answerRequests(): void {
    this.channel.handle({
      ready: () => this.state(),
      selectForDiff: () => this.selectForDiff(),
      diffWithSelected: () => this.diffWithSelected(),
      tensorToShow: () => this.take(),
      copyName: async ({ name }) => env.clipboard.writeText(name).then(() => null),
    });
  }

  private async refresh(): Promise<void> {
    const state = await this.state();
    if (!this.isDisposed) this.channel.emit('state', state);
  }

  private async state(): Promise<CheckpointPanelState> {
    try {
      const checkpoint = await this.services.engine.request('checkpoint/open', { path: this.path });
      return { kind: 'done', summary: summariseCheckpoint(checkpoint) };
    } catch (error) {
      return { kind: 'failed', path: this.path, message: messageOf(error) };
    }
  }

  /** A page that is not there yet asks when it is. */
  private showTensor(): void {
    if (!this.isShown) return;
    const name = this.take();
    if (name !== null) this.channel.emit('showTensor', name);
  }

  private take(): string | null {
    this.isShown = true;
    return this.services.finder.take(this.path);
  }

  private selectForDiff(): null {
    this.services.selection.select(this.path);
    return null;
  }

  private diffWithSelected(): null {
    const { selection, diffPanels } = this.services;
    if (selection.path === undefined) void commands.executeCommand('modelRebase.diffWith', VscodeUri.file(this.path));
    else diffPanels.show({ a: selection.path, b: this.path });
    return null;
  }
}
