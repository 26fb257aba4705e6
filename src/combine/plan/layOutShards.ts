import type { Shard } from '../../checkpoint/index.js';
import type { PlannedShard, PlannedTensor } from '../plan.js';
import { buildHeader, byteLengthOf, inFileOrder } from './buildHeader.js';
import type { TensorDraft } from './planTensors.js';

export interface Layout {
  readonly tensors: readonly PlannedTensor[];
  readonly shards: readonly PlannedShard[];
}

/**
 * Distributes tensors over files: as the template does, or in its order into files of at most `maxShardSize` bytes of
 * data (a larger tensor has a file of its own). Files are named as Hugging Face names them.
 */
export function layOutShards(
  drafts: readonly TensorDraft[],
  groupOf: (name: string) => number,
  maxShardSize: number | null,
  metadata: Readonly<Record<string, string>>,
): Layout {
  const groups = maxShardSize === null ? groupAsTemplate(drafts, groupOf) : groupBySize(drafts, maxShardSize);
  const placed = groups.map(placeTensors);
  const shards = placed.map((group, shard) => ({
    file: shardFile(shard, groups.length),
    header: buildHeader(group, metadata),
    dataByteLength: endOf(group),
  }));
  return { tensors: placed.flat(), shards };
}

/** Places the tensors of a file one after another. */
function placeTensors(drafts: readonly TensorDraft[], shard: number): PlannedTensor[] {
  let end = 0;
  return inFileOrder(drafts).map((draft) => {
    const offset = end;
    const byteLength = byteLengthOf(draft);
    end += byteLength;
    return place(draft, offset, byteLength, shard);
  });
}

/** Field by field: an object that is spread and then extended takes four times the memory. */
function place(draft: TensorDraft, offset: number, byteLength: number, shard: number): PlannedTensor {
  const { name, dtype, shape, action, reason, scales, sources, rows } = draft;
  return { name, dtype, shape, action, reason, scales, sources, rows, offset, byteLength, shard };
}

function groupAsTemplate(drafts: readonly TensorDraft[], groupOf: (name: string) => number): TensorDraft[][] {
  const groups = new Map<number, TensorDraft[]>();
  for (const draft of drafts) {
    const group = groups.get(groupOf(draft.name));
    if (group === undefined) groups.set(groupOf(draft.name), [draft]);
    else group.push(draft);
  }
  return groups.size === 0 ? [[]] : [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

function groupBySize(drafts: readonly TensorDraft[], limit: number): TensorDraft[][] {
  const groups: TensorDraft[][] = [[]];
  let size = 0;
  for (const draft of drafts) {
    const length = byteLengthOf(draft);
    if (groups.at(-1)!.length > 0 && size + length > limit) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(draft);
    size += length;
  }
  return groups;
}

function endOf(group: readonly PlannedTensor[]): number {
  const last = group.at(-1);
  return last === undefined ? 0 : last.offset + last.byteLength;
}

function shardFile(shard: number, count: number): string {
  const number = (value: number): string => String(value).padStart(5, '0');
  return count === 1 ? 'model.safetensors' : `model-${number(shard + 1)}-of-${number(count)}.safetensors`;
}

/** Which of the template's shards holds a tensor. */
export function templateGroups(
  tensors: readonly { readonly name: string; readonly shard: number }[],
  shards: readonly Shard[],
): (name: string) => number {
  if (shards.length === 1) return () => 0;
  const groups = new Map(tensors.map(({ name, shard }) => [name, shard]));
  return (name) => groups.get(name) ?? shards.length;
}
