import { basename } from 'node:path';
import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import { isStored, titleOf } from '../../checkpoint/index.js';
import { formatBytes, formatCompact, formatCount } from '../../base/format.js';
import { diffVectorFacts, type OutputFacts } from '../transfer/combineRoom.js';
import { checkpointFacts, describeCheckpoint, notableFindings } from './checkpointFacts.js';
import { decorationUri } from './findingDecorations.js';
import type { BrokenNode, CheckpointNode, InnerNode, ModelNode, PartialNode } from './nodes.js';
import type { TensorGroup, TensorLeaf } from './tensorTree.js';
import { shownTreeItem, tooltip } from '../kit/treeItem.js';
import { placeOf } from './targets.js';

/** How a checkpoint that this tool wrote came about. */
function origin(output: OutputFacts | null): readonly (readonly [string, string])[] {
  if (output === null) return [];
  return [['Formula', output.formula], ...Object.entries(output.inputs).map(([role, path]): [string, string] => [role, path])];
}

/** What tells a row from others that are called alike comes first: rows are narrow. */
function describeRow(path: string, ...facts: readonly string[]): string {
  return [placeOf(path), ...facts].filter((fact) => fact !== '').join(' · ');
}

function checkpointItem(node: CheckpointNode): TreeItem {
  const { checkpoint, output } = node;
  const findings = notableFindings(checkpoint);
  const item = new TreeItem(checkpoint.name, TreeItemCollapsibleState.Collapsed);
  item.resourceUri = decorationUri(node.path, findings.length);
  item.description = describeRow(node.path, output?.formula ?? '', describeCheckpoint(checkpoint));
  item.iconPath =
    findings.length > 0
      ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
      : new ThemeIcon(diffVectorFacts(checkpoint) === null ? 'package' : 'diff');
  item.tooltip = tooltip(
    node.path,
    [...origin(output), ...checkpointFacts(checkpoint)],
    findings.map(({ message }) => message),
  );
  item.contextValue = output === null ? 'checkpoint' : 'checkpoint output';
  item.command = { command: 'modelRebase.openCheckpoint', title: 'Open Checkpoint', arguments: [node, [node], 'preview'] };
  return item;
}

/** Messages begin with the file's path, which the item shows already. */
function withoutPath(message: string, path: string): string {
  return message.startsWith(path) ? message.slice(path.length).replace(/^[^:]*:\s*/, '') : message;
}

function brokenItem(node: BrokenNode): TreeItem {
  const item = new TreeItem(titleOf(node.path), TreeItemCollapsibleState.None);
  item.resourceUri = Uri.file(node.path);
  item.description = describeRow(node.path, withoutPath(node.message, node.path));
  item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.tooltip = tooltip(node.path, [], [node.message]);
  item.contextValue = 'broken';
  return item;
}

/** Only what nobody writes can be resumed or removed. */
function partialItem({ path, partial }: PartialNode): TreeItem {
  const { output, writer, byteLength } = partial;
  const item = new TreeItem(basename(output), TreeItemCollapsibleState.None);
  item.description = describeRow(path, writer === null ? 'unfinished' : 'being written', formatBytes(byteLength));
  item.iconPath = new ThemeIcon(writer === null ? 'debug-pause' : 'sync');
  item.tooltip = tooltip(path, [['Written so far', formatBytes(byteLength)], ...(writer === null ? [] : [['Writer', writer] as const])]);
  item.contextValue = writer === null ? 'partial kept' : 'partial';
  return item;
}

const groupIcons = { layer: 'layers', module: 'symbol-module' } as const;

function groupItem(group: TensorGroup): TreeItem {
  const item = new TreeItem(group.label, TreeItemCollapsibleState.Collapsed);
  item.description = `${formatCompact(group.elementCount)} · ${formatBytes(group.byteLength)}`;
  item.iconPath = new ThemeIcon(groupIcons[group.kind]);
  item.tooltip = tooltip(group.prefix, [
    ['Tensors', formatCount(group.tensorCount)],
    ['Parameters', formatCount(group.elementCount)],
    ['Size', formatBytes(group.byteLength)],
  ]);
  item.contextValue = group.kind;
  return item;
}

function shapeLabel(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

function tensorItem({ label, tensor }: TensorLeaf, node: InnerNode): TreeItem {
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.description = `${shapeLabel(tensor.shape)} · ${tensor.dtype} · ${formatBytes(tensor.byteLength)}`;
  item.iconPath = new ThemeIcon('symbol-array');
  item.tooltip = tooltip(tensor.name, [
    ['Shape', shapeLabel(tensor.shape)],
    ['Elements', formatCount(tensor.elementCount)],
    ['Dtype', tensor.dtype],
    ['Bytes', formatCount(tensor.byteLength) + (isStored(tensor) ? ` from ${formatCount(tensor.start)}` : ', as a view or in pieces')],
    ['File', node.owner.checkpoint.shards[tensor.shard]?.path ?? node.owner.path],
  ]);
  item.contextValue = 'tensor';
  return item;
}

function innerItem(node: InnerNode): TreeItem {
  return node.node.kind === 'tensor' ? tensorItem(node.node, node) : groupItem(node.node);
}

function itemOf(node: ModelNode): TreeItem {
  switch (node.kind) {
    case 'partial':
      return partialItem(node);
    case 'checkpoint':
      return checkpointItem(node);
    case 'broken':
      return brokenItem(node);
    case 'inner':
      return innerItem(node);
  }
}

/** How VS Code shows a node. */
export function toTreeItem(node: ModelNode): TreeItem {
  return shownTreeItem(itemOf(node));
}
