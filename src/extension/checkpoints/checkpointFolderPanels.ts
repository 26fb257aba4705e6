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

  constructor(private readonly services: CheckpointPageServices) {
    super();
    this.register(window.registerWebviewPanelSerializer(checkpointFolderType, this));
  }

  show(folder: string): void {
    const known = this.open.get(folder);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const options = { enableFindWidget: true, localResourceRoots: pageResources(this.services.extension) };
    this.attach(window.createWebviewPanel(checkpointFolderType, '', ViewColumn.Active, options), folder);
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
      this.nameTabs();
    });
  }

  /** Tabs of folders that are called alike say which is which. */
  private nameTabs(): void {
    const names = modelNames([...this.open.keys()]);
    [...this.open.values()].forEach((panel, index) => (panel.title = visibleText(names[index] ?? '')));
  }
}
