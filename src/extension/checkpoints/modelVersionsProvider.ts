import { EventEmitter, type ProviderResult, type TreeDataProvider, type TreeItem } from 'vscode';
import { listTensors, type TensorListing } from '../../checkpoint/index.js';
import type { CheckpointLibrary, LibraryEntry } from './checkpointLibrary.js';
import { DisposableOwner } from '../kit/disposable.js';
import { nameFilter } from './nameFilter.js';
import { type CheckpointNode, type InnerNode, type ModelNode, toPartialNode, toTopNode } from './nodes.js';
import { tensorTree } from './tensorTree.js';
import { toTreeItem } from './treeItems.js';

/** The tree of the Model Versions view: checkpoints, then layers, modules and tensors, made when they are opened. */
export class ModelVersionsProvider extends DisposableOwner implements TreeDataProvider<ModelNode> {
  private readonly changed = this.register(new EventEmitter<undefined>());
  private filterText = '';

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly library: CheckpointLibrary) {
    super();
    this.register(library.onDidChange(() => this.changed.fire(undefined)));
    this.register(library.unfinished.onDidLookAgain(() => this.changed.fire(undefined)));
  }

  get filter(): string {
    return this.filterText;
  }

  set filter(text: string) {
    this.filterText = text.trim();
    this.changed.fire(undefined);
  }

  getTreeItem(node: ModelNode): TreeItem {
    return toTreeItem(node);
  }

  getChildren(node?: ModelNode): ModelNode[] {
    if (node === undefined) return [...this.partialNodes(), ...this.topNodes()];
    if (node.kind === 'broken' || node.kind === 'partial') return [];
    if (node.kind === 'checkpoint')
      return tensorTree(this.shownTensors(node)).map((child) => ({ kind: 'inner', owner: node, node: child }));
    return node.node.kind === 'tensor'
      ? []
      : node.node.children.map((child): InnerNode => ({ kind: 'inner', owner: node.owner, node: child }));
  }

  getParent(): ProviderResult<ModelNode> {
    return undefined;
  }

  /** They come first: they are few, and wait for the user. */
  private partialNodes(): ModelNode[] {
    const passes = nameFilter(this.filterText);
    return this.library.unfinished.all.filter(({ output }) => passes(output)).map(toPartialNode);
  }

  private topNodes(): ModelNode[] {
    const passes = nameFilter(this.filterText);
    return this.library.entries.flatMap((entry) => {
      const named = passes(entry.kind === 'open' ? entry.checkpoint.name : entry.path);
      return named || this.holdsMatch(entry) ? [toTopNode(entry, named)] : [];
    });
  }

  private holdsMatch(entry: LibraryEntry): boolean {
    const passes = nameFilter(this.filterText);
    return entry.kind === 'open' && listTensors(entry.checkpoint).some(({ name }) => passes(name));
  }

  private shownTensors(node: CheckpointNode): readonly TensorListing[] {
    const tensors = listTensors(node.checkpoint);
    if (node.showsAll) return tensors;
    const passes = nameFilter(this.filterText);
    return tensors.filter(({ name }) => passes(name));
  }
}
