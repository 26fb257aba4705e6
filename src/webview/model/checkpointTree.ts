import type { CheckpointSummary } from '../checkpointSummary.js';
import { naturalRanks } from '../../base/naturalOrder.js';

type Tensors = CheckpointSummary['tensors'];

/** A layer, or a module that holds more than one tensor. */
export interface TreeGroup {
  /** Unique; layer and module. */
  readonly key: string;
  readonly label: string;
  readonly tensorCount: number;
  readonly elementCount: number;
  readonly byteLength: number;
  readonly dtypes: string;
  /** Made when first asked for: most groups are never opened. */
  readonly children: () => readonly TreeNode[];
}

export type TreeNode =
  { readonly kind: 'group'; readonly group: TreeGroup } | { readonly kind: 'tensor'; readonly tensor: number; readonly label: string };

/** A visible line of the tree; levels count from 1. */
export type TreeRow = TreeNode & { readonly level: number };

function sum(values: Float64Array, tensors: readonly number[]): number {
  return tensors.reduce((total, tensor) => total + (values[tensor] ?? 0), 0);
}

function groupBy(tensors: readonly number[], keyOf: (tensor: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const tensor of tensors) {
    const key = keyOf(tensor);
    const group = groups.get(key);
    if (group) group.push(tensor);
    else groups.set(key, [tensor]);
  }
  return groups;
}

/** A name without the group it stands under: `self_attn.q_proj.weight`. */
function nameWithin(name: string, prefix: string): string {
  return prefix !== '' && name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : name;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

function makeGroup(table: Tensors, key: string, label: string, tensors: readonly number[], children: () => readonly TreeNode[]): TreeNode {
  const dtypes = [...new Set(tensors.map((tensor) => table.dtypes[tensor] ?? ''))].join(', ');
  const totals = {
    tensorCount: tensors.length,
    elementCount: sum(table.elementCount, tensors),
    byteLength: sum(table.byteLength, tensors),
  };
  return { kind: 'group', group: { key, label, dtypes, children: once(children), ...totals } };
}

const leaf = (table: Tensors, tensor: number, prefix: string): TreeNode => {
  return { kind: 'tensor', tensor, label: nameWithin(table.names[tensor] ?? '', prefix) };
};

function layerChildren(table: Tensors, layer: string, tensors: readonly number[]): TreeNode[] {
  return [...groupBy(tensors, (tensor) => table.modules[tensor] ?? '')].map(([module, members]) => {
    const [only] = members;
    if (members.length === 1 && only !== undefined) return leaf(table, only, layer);
    const prefix = `${layer}.${module}`;
    return makeGroup(table, JSON.stringify([layer, module]), module, members, () => members.map((tensor) => leaf(table, tensor, prefix)));
  });
}

/** Layers, in them modules, in them tensors; in natural order. Tensors outside layers stand at the top level. */
export function makeCheckpointTree(table: Tensors): TreeNode[] {
  const ranks = naturalRanks(table.names);
  const ordered = Array.from({ length: table.length }, (_, tensor) => tensor).sort((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0));
  const top = groupBy(ordered, (tensor) => table.layers[tensor] ?? '');
  const layers = [...top].filter(([layer]) => layer !== '');
  const nodes = layers.map(([layer, tensors]) => ({
    rank: ranks[tensors[0] ?? 0] ?? 0,
    node: makeGroup(table, JSON.stringify([layer]), layer, tensors, () => layerChildren(table, layer, tensors)),
  }));
  const outside = (top.get('') ?? []).map((tensor) => ({ rank: ranks[tensor] ?? 0, node: leaf(table, tensor, '') }));
  return [...nodes, ...outside].sort((one, other) => one.rank - other.rank).map(({ node }) => node);
}

/** Keys of all groups. */
export function groupKeys(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) => (node.kind === 'group' ? [node.group.key, ...groupKeys(node.group.children())] : []));
}

/** Lines to show: children of expanded groups; while filtering, every match with its groups, whatever is expanded. */
export function visibleTreeRows(
  nodes: readonly TreeNode[],
  expanded: ReadonlySet<string>,
  matches: ((tensor: number) => boolean) | null,
  level = 1,
): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (node: TreeNode, depth: number): void => {
    if (node.kind === 'tensor') {
      if (!matches || matches(node.tensor)) rows.push({ ...node, level: depth });
      return;
    }
    const before = rows.push({ ...node, level: depth });
    if (!matches && !expanded.has(node.group.key)) return;
    for (const child of node.group.children()) visit(child, depth + 1);
    if (matches && rows.length === before) rows.pop();
  };
  for (const node of nodes) visit(node, level);
  return rows;
}

/** The row of the group that a row stands in; null at the top level. */
export function parentRow(rows: readonly TreeRow[], row: number): number | null {
  const level = rows[row]?.level ?? 1;
  for (let above = row - 1; above >= 0; above--) {
    if ((rows[above]?.level ?? 1) < level) return above;
  }
  return null;
}
