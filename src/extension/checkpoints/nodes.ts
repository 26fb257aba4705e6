import type { LibraryEntry } from './checkpointLibrary.js';
import { type KeptPartial, type OutputFacts, partialPath } from '../transfer/combineRoom.js';
import type { TensorTreeNode } from './tensorTree.js';
import type { Model } from '../../model/index.js';

/** What the Model Versions view shows at its top level. */
export interface CheckpointNode {
  readonly kind: 'checkpoint';
  readonly path: string;
  readonly checkpoint: Model;
  /** What it is made of, where this tool wrote it. */
  readonly output: OutputFacts | null;
  /** Whether the filter names the checkpoint itself, so that all its tensors are shown. */
  readonly showsAll: boolean;
}

export interface BrokenNode {
  readonly kind: 'broken';
  readonly path: string;
  readonly message: string;
}

/** An output that is being written, or was begun and can be resumed or removed. */
export interface PartialNode {
  readonly kind: 'partial';
  /** Of the folder that it is written in. */
  readonly path: string;
  readonly partial: KeptPartial;
}

/** Layers, modules and tensors know their checkpoint, so that commands on them can. */
export interface InnerNode {
  readonly kind: 'inner';
  readonly owner: CheckpointNode;
  readonly node: TensorTreeNode;
}

export type ModelNode = PartialNode | CheckpointNode | BrokenNode | InnerNode;

/** The path a command on this node is about. */
export function pathOf(node: ModelNode): string {
  return node.kind === 'inner' ? node.owner.path : node.path;
}

/** The full name of what a node shows: a tensor's, a prefix of tensors, or the checkpoint's. */
export function fullNameOf(node: ModelNode): string {
  switch (node.kind) {
    case 'checkpoint':
      return node.checkpoint.name;
    case 'partial':
    case 'broken':
      return node.path;
    case 'inner':
      return node.node.kind === 'tensor' ? node.node.tensor.name : node.node.prefix;
  }
}

export function toTopNode(entry: LibraryEntry, showsAll: boolean): CheckpointNode | BrokenNode {
  if (entry.kind === 'broken') return { kind: 'broken', path: entry.path, message: entry.message };
  return { kind: 'checkpoint', path: entry.path, checkpoint: entry.checkpoint, output: entry.output, showsAll };
}

export function toPartialNode(partial: KeptPartial): PartialNode {
  return { kind: 'partial', path: partialPath(partial.output), partial };
}
