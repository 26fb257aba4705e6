import { Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from 'vscode';
import { visibleText } from '../../base/visibleText.js';
import { DisposableOwner } from '../kit/disposable.js';
import { pageResources } from '../kit/webviewPage.js';
import { modelNames } from '../modelName.js';
import { CheckpointPage, type CheckpointPageServices } from './checkpointPage.js';

export const checkpointFolderType = 'modelRebase.checkpointFolder';

/** Panels that show a folder as one checkpoint: what an editor, which is about one file, cannot. */
export class CheckpointFolderPanels extends DisposableOwner implements WebviewPanelSerializer {
  private readonly open = new Map<string, WebviewPanel>();
  /** Folder of the panel that the next preview takes the place of. */
  private previewed: string | undefined;

  constructor(private readonly services: CheckpointPageServices) {
    super();
    this.register(window.registerWebviewPanelSerializer(checkpointFolderType, this));
  }

  show(folder: string): void {
    if (folder === this.previewed) this.previewed = undefined;
    this.reveal(folder, false);
  }

  /** Shows a folder as a click on a file shows it: in place of what was previewed before, without taking the focus. */
  preview(folder: string): void {
    if (this.open.has(folder)) {
      this.reveal(folder, true);
      return;
    }
    const before = this.previewed;
    this.reveal(folder, true);
    this.previewed = folder;
    if (before !== undefined) this.open.get(before)?.dispose();
  }

  private reveal(folder: string, preserveFocus: boolean): void {
    const known = this.open.get(folder);
    if (known !== undefined) {
      known.reveal(undefined, preserveFocus);
      return;
    }
    const options = { enableFindWidget: true, localResourceRoots: pageResources(this.services.extension) };
    const place = { viewColumn: ViewColumn.Active, preserveFocus };
    this.attach(window.createWebviewPanel(checkpointFolderType, '', place, options), folder);
  }

  deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const folder = (state as { restore?: { folder?: unknown } } | undefined)?.restore?.folder;
    if (typeof folder === 'string') this.attach(panel, folder);
    else panel.dispose();
    return Promise.resolve();
  }

  private attach(panel: WebviewPanel, folder: string): void {
    const media = (name: string): Uri => Uri.joinPath(this.services.extension, 'media', name);
    panel.iconPath = { light: media('checkpoint-light.svg'), dark: media('checkpoint-dark.svg') };
    const page = new CheckpointPage(panel.webview, folder, true, this.services, { folder });
    this.open.set(folder, panel);
    this.nameTabs();
    panel.onDidDispose(() => {
      page.dispose();
      this.open.delete(folder);
      if (folder === this.previewed) this.previewed = undefined;
      this.nameTabs();
    });
  }

  /** Tabs of folders that are called alike say which is which. */
  private nameTabs(): void {
    const names = modelNames([...this.open.keys()]);
    [...this.open.values()].forEach((panel, index) => (panel.title = visibleText(names[index] ?? '')));
  }
}
