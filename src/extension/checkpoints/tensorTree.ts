import type { TensorListing } from '../../checkpoint/index.js';
import { inNaturalOrder } from '../../base/naturalOrder.js';
import { layerLabel, parseTensorName } from '../../model/names/index.js';

/** A group of tensors in the tree: a layer of the model, or a module within one. */
export interface TensorGroup {
  readonly kind: 'layer' | 'module';
  /** What the tree shows: `layer 12`, `self_attn`. */
  readonly label: string;
  /** The dotted prefix that all names in it share: `model.layers.12`. */
  readonly prefix: string;
  readonly children: readonly TensorTreeNode[];
  readonly tensorCount: number;
  readonly elementCount: number;
  readonly byteLength: number;
}

export interface TensorLeaf {
  readonly kind: 'tensor';
  /** The rest of the name within its group: `q_proj.weight`. */
  readonly label: string;
  readonly tensor: TensorListing;
}

export type TensorTreeNode = TensorGroup | TensorLeaf;

/** A tensor with the part of its name that is left within the group at hand. */
interface NamedTensor {
  readonly rest: string;
  readonly tensor: TensorListing;
}

function joinPrefix(prefix: string, label: string): string {
  return prefix === '' ? label : `${prefix}.${label}`;
}

function group(
  kind: TensorGroup['kind'],
  label: string,
  prefix: string,
  tensors: readonly NamedTensor[],
  children: readonly TensorTreeNode[],
): TensorGroup {
  const sum = (value: (tensor: TensorListing) => number): number => tensors.reduce((total, { tensor }) => total + value(tensor), 0);
  return {
    kind,
    label,
    prefix,
    children,
    tensorCount: tensors.length,
    elementCount: sum((tensor) => tensor.elementCount),
    byteLength: sum((tensor) => tensor.byteLength),
  };
}

function gather(tensors: readonly NamedTensor[], keyOf: (tensor: NamedTensor) => string): Map<string, NamedTensor[]> {
  const groups = new Map<string, NamedTensor[]>();
  for (const tensor of tensors) {
    const key = keyOf(tensor);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [tensor]);
    else members.push(tensor);
  }
  return groups;
}

function firstPart(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

/** Modules by the first part of the name; one that holds a single tensor is shown as that tensor. */
function moduleNodes(tensors: readonly NamedTensor[], prefix: string): TensorTreeNode[] {
  return [...gather(tensors, ({ rest }) => firstPart(rest))].map(([label, members]) => {
    const [only] = members;
    if (members.length === 1 && only !== undefined) return { kind: 'tensor', label: only.rest, tensor: only.tensor };
    const leaves = members.map(({ rest, tensor }): TensorLeaf => ({ kind: 'tensor', label: rest.slice(label.length + 1) || rest, tensor }));
    return group('module', label, joinPrefix(prefix, label), members, leaves);
  });
}

/** The tensors of a checkpoint as a tree: what lies outside the layers first, then layers, each in modules; in natural order. */
export function tensorTree(tensors: readonly TensorListing[]): TensorTreeNode[] {
  const layers = gather(
    inNaturalOrder(tensors, ({ name }) => name).map((tensor) => ({ rest: tensor.name, tensor })),
    ({ tensor }) => parseTensorName(tensor.name).layer,
  );
  const outside = moduleNodes(layers.get('') ?? [], '');
  layers.delete('');
  const groups = [...layers].map(([key, members]) => {
    const inside = members.map(({ tensor }) => ({ rest: tensor.name.slice(key.length + 1), tensor }));
    return group('layer', layerLabel(key), key, members, moduleNodes(inside, key));
  });
  return [...outside, ...groups];
}
