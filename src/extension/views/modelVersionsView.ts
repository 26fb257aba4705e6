import { statSync } from 'node:fs';
import { type TreeView, window, workspace } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import { WeightsWatcher } from '../checkpoints/weightsWatcher.js';
import { setContextKey } from '../contextKeys.js';
import { DisposableOwner } from '../disposable.js';
import { discoverySection } from '../settings.js';
import { FindingDecorations } from './findingDecorations.js';
import { ModelVersionsProvider } from './modelVersionsProvider.js';
import type { ModelNode } from './nodes.js';

export const modelVersionsViewId = 'modelRebase.modelVersions';

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The Model Versions view: keeps the library fresh, shows the filter, and tells `when` clauses what was found. */
export class ModelVersionsView extends DisposableOwner {
  readonly provider: ModelVersionsProvider;
  readonly tree: TreeView<ModelNode>;

  constructor(private readonly library: CheckpointLibrary) {
    super();
    this.provider = this.register(new ModelVersionsProvider(library));
    this.tree = this.register(window.createTreeView(modelVersionsViewId, { treeDataProvider: this.provider, canSelectMany: true, showCollapseAll: true }));
    this.register(window.registerFileDecorationProvider(new FindingDecorations()));
    this.register(library.onDidChange(() => this.tellContext()));
    this.refreshOnChanges();
  }

  /** Looks for checkpoints again, with a progress bar in the view. */
  async refresh(): Promise<void> {
    await window.withProgress({ location: { viewId: modelVersionsViewId } }, () => this.library.refresh());
  }

  setFilter(text: string): void {
    this.provider.filter = text;
    const filter = this.provider.filter;
    this.tree.description = filter === '' ? '' : `“${filter}”`;
    setContextKey('modelRebase.filtered', filter !== '');
  }

  private refreshOnChanges(): void {
    const refresh = (): void => void this.library.refresh();
    this.register(this.register(new WeightsWatcher()).onDidSettle(refresh));
    this.register(workspace.onDidChangeWorkspaceFolders(refresh));
    this.register(workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(discoverySection)) refresh();
    }));
  }

  private tellContext(): void {
    const paths = this.library.entries.map(({ path }) => path);
    setContextKey('modelRebase.checkpointFolders', paths.filter(isFolder));
    setContextKey('modelRebase.hasModels', paths.length > 0);
    setContextKey('modelRebase.discovered', true);
  }
}
