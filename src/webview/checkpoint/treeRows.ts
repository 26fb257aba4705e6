import { html } from 'lit';
import type { CheckpointSummary } from '../checkpointSummary.js';
import type { TreeRow } from '../model/checkpointTree.js';
import { formatBytes, formatCompact, plural } from '../../base/format.js';
import type { GridColumn, GridRow } from '../shared/gridTemplates.js';
import { icon } from '../shared/icons.js';
import { shownName } from '../shared/tensorName.js';

const columns: readonly GridColumn[] = [
  { id: 'name', label: 'Tensor', meaning: 'Layers, modules and tensors', numeric: false, width: 300, grow: 1 },
  { id: 'dtype', label: 'Type', meaning: 'Storage type', numeric: false, width: 90, grow: 0 },
  { id: 'shape', label: 'Shape', meaning: 'Shape; for groups the number of tensors', numeric: true, width: 140, grow: 0 },
  { id: 'parameters', label: 'Parameters', meaning: 'Number of weights', numeric: true, width: 90, grow: 0 },
  { id: 'bytes', label: 'Size', meaning: 'Bytes of tensor data', numeric: true, width: 90, grow: 0 },
];
const withFiles: readonly GridColumn[] = [
  ...columns,
  { id: 'file', label: 'File', meaning: 'The file that holds the tensor', numeric: false, width: 200, grow: 0.4 },
];

/** The file is worth a column only when there is more than one. */
export function treeColumns({ shards }: CheckpointSummary): readonly GridColumn[] {
  return shards.length > 1 ? withFiles : columns;
}

const classes = ['', 'quiet', 'quiet', '', '', 'quiet'];
const groupClasses = ['group', ...classes.slice(1)];

function groupRow({ group, level }: Extract<TreeRow, { kind: 'group' }>, expanded: boolean): GridRow {
  const twisty = html`<span class="twisty">${icon(expanded ? 'chevronDown' : 'chevronRight')}</span>`;
  const name = html`<span class="node">${twisty}${shownName(group.label)}</span>`;
  const { dtypes, tensorCount, elementCount, byteLength } = group;
  return {
    cells: [name, dtypes, plural(tensorCount, 'tensor'), formatCompact(elementCount), formatBytes(byteLength)],
    classes: groupClasses,
    level,
    expanded,
  };
}

/** How the grid draws a line of the tree. */
export function treeRow({ tensors, shards }: CheckpointSummary, row: TreeRow | undefined, isExpanded: (key: string) => boolean): GridRow {
  if (!row) return { cells: [] };
  if (row.kind === 'group') return groupRow(row, isExpanded(row.group.key));
  const { tensor, label, level } = row;
  const name = html`<span class="node"><span class="twisty"></span>${shownName(label || '(empty name)')}</span>`;
  const shape = tensors.shapes[tensor] || 'scalar';
  const sizes = [formatCompact(tensors.elementCount[tensor] ?? 0), formatBytes(tensors.byteLength[tensor] ?? 0)];
  return { cells: [name, tensors.dtypes[tensor] ?? '', shape, ...sizes, shards[tensors.shard[tensor] ?? 0]?.name ?? ''], classes, level };
}
