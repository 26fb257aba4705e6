import { EventEmitter, type TreeDataProvider, type TreeItem, window } from 'vscode';
import { DisposableOwner } from '../../kit/disposable.js';
import type { LineageLibrary } from '../lineageLibrary.js';
import { toLineageItem } from './lineageItems.js';
import { childrenOf, type LineageNode } from './lineageNodes.js';

export const lineageViewId = 'modelRebase.lineages';

/** The Lineage view: lineages, their releases, and the models of each. */
export class LineageView extends DisposableOwner implements TreeDataProvider<LineageNode> {
  private readonly changed = this.register(new EventEmitter<undefined>());

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly library: LineageLibrary) {
    super();
    this.register(library.onDidChange(() => this.changed.fire(undefined)));
    this.register(window.createTreeView(lineageViewId, { treeDataProvider: this, showCollapseAll: true }));
  }

  /** Looks at the disk again, with a progress bar in the view. */
  async refresh(): Promise<void> {
    await window.withProgress({ location: { viewId: lineageViewId } }, () => this.library.refresh());
  }

  getTreeItem(node: LineageNode): TreeItem {
    return toLineageItem(node);
  }

  getChildren(node?: LineageNode): LineageNode[] {
    return node === undefined ? [...this.library.entries] : childrenOf(node);
  }
}
