import { sep } from 'node:path';
import { type TreeView, window, workspace } from 'vscode';
import { folderOfAddress, isFileAddress, pathOfAddress } from '../../checkpoint/index.js';
import type { CheckpointLibrary } from './checkpointLibrary.js';
import { FolderWatcher } from './folderWatcher.js';
import { WeightsWatcher } from './weightsWatcher.js';
import { setContextKey } from '../contextKeys.js';
import { DisposableOwner } from '../kit/disposable.js';
import { discoverySection } from '../kit/settings.js';
import { FindingDecorations } from './findingDecorations.js';
import { partialPath } from '../transfer/combineRoom.js';
import { ModelVersionsProvider } from './modelVersionsProvider.js';
import type { ModelNode } from './nodes.js';

export const modelVersionsViewId = 'modelRebase.modelVersions';

/** Folders of the Explorer that stand for a checkpoint or a part of one. */
function foldersOf(addresses: readonly string[]): string[] {
  const named = addresses.filter((address) => !isFileAddress(address));
  const files = addresses.filter((address) => isFileAddress(address) && address.endsWith('.bin'));
  return [...new Set([...files, ...named.flatMap((address) => [pathOfAddress(address), folderOfAddress(address)])])];
}

function isWithin(place: string, deleted: string): boolean {
  return place === deleted || place.startsWith(deleted + sep) || place.startsWith(`${deleted}#`);
}

/** The Model Versions view: keeps the library fresh, shows the filter, and tells `when` clauses what was found. */
export class ModelVersionsView extends DisposableOwner {
  readonly provider: ModelVersionsProvider;
  readonly tree: TreeView<ModelNode>;

  constructor(private readonly library: CheckpointLibrary) {
    super();
    this.provider = this.register(new ModelVersionsProvider(library));
    this.tree = this.register(
      window.createTreeView(modelVersionsViewId, { treeDataProvider: this.provider, canSelectMany: true, showCollapseAll: true }),
    );
    this.register(window.registerFileDecorationProvider(new FindingDecorations()));
    this.register(library.onDidChange(() => this.showMessage()));
    this.register(library.onDidChange(() => this.tellContext()));
    this.refreshOnChanges();
  }

  /** Looks for checkpoints again, with a progress bar in the view. */
  async refresh(): Promise<void> {
    await window.withProgress({ location: { viewId: modelVersionsViewId } }, () => this.library.refresh());
  }

  setFilter(text: string): void {
    this.provider.filter = text;
    this.showMessage();
    setContextKey('modelRebase.filtered', this.provider.filter !== '');
  }

  private refreshOnChanges(): void {
    const refresh = (): void => void this.library.refresh();
    const weights = this.register(new WeightsWatcher());
    const folders = this.register(new FolderWatcher());
    this.register(weights.onDidSettle(refresh));
    this.register(folders.onDidCreateFolder(() => weights.schedule()));
    this.register(
      folders.onDidDelete(({ fsPath }) => {
        if (this.placesShown().some((place) => isWithin(place, fsPath))) weights.schedule();
      }),
    );
    this.register(workspace.onDidChangeWorkspaceFolders(refresh));
    this.register(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(discoverySection)) refresh();
      }),
    );
  }

  /** Addresses and folders of what the view shows. */
  private placesShown(): string[] {
    const { entries, unfinished } = this.library;
    const ofEntries = entries.flatMap((entry) => [entry.path, ...(entry.kind === 'open' ? [entry.checkpoint.folder] : [])]);
    return [...ofEntries, ...unfinished.all.map(({ output }) => partialPath(output))];
  }

  /** Says what is not shown: by the filter, and by discovery's limits. */
  private showMessage(): void {
    const { filter } = this.provider;
    const found = this.provider.getChildren().length > 0 ? 'Showing names with' : 'No name has';
    this.tree.message = [...(filter === '' ? [] : [`${found} “${filter}”.`]), ...this.library.notices].join(' ');
  }

  private tellContext(): void {
    const paths = this.library.entries.map(({ path }) => path);
    setContextKey('modelRebase.checkpointFolders', foldersOf(paths));
    setContextKey(
      'modelRebase.outputFolders',
      this.library.entries.flatMap((entry) => (entry.kind === 'open' && entry.output !== null ? [entry.path] : [])),
    );
    setContextKey('modelRebase.hasModels', paths.length > 0);
    setContextKey('modelRebase.discovered', true);
  }
}
