import type { TensorListing } from '../checkpoint/index.js';
import { layerLabel, parseTensorName } from '../model/names/index.js';

/** Tensors of one module that look alike in a run of layers: one line instead of thirty-two. */
export interface TensorSummary {
  /** `layers 0–31`, `layer 4`, or `` for tensors outside layers. */
  readonly place: string;
  readonly module: string;
  readonly shape: string;
  readonly dtype: string;
  readonly byteLength: number;
}

interface Group {
  readonly stack: string;
  readonly module: string;
  readonly shape: string;
  readonly dtype: string;
  readonly layers: Set<number>;
  readonly firstLayer: string;
  byteLength: number;
}

/** @returns one entry per layer stack, module, shape and dtype, in the order of first appearance, outside layers first */
export function summarizeTensors(tensors: readonly TensorListing[]): TensorSummary[] {
  const groups = new Map<string, Group>();
  for (const tensor of tensors) {
    const group = groupOf(tensor);
    const known = groups.get(keyOf(group)) ?? group;
    groups.set(keyOf(group), known);
    known.byteLength += tensor.byteLength;
    for (const layer of group.layers) known.layers.add(layer);
  }
  const outside = [...groups.values()].filter(({ layers }) => layers.size === 0);
  const inside = [...groups.values()].filter(({ layers }) => layers.size > 0);
  return [...outside, ...inside].map((group) => ({ ...group, place: placeOf(group) }));
}

function groupOf({ name, shape, dtype }: TensorListing): Group {
  const { layer, layerIndex, module } = parseTensorName(name);
  const stack = layer.replace(/\.?\d+$/, '');
  const layers = new Set(layerIndex === null ? [] : [layerIndex]);
  return { stack, module, shape: shape.join(' × '), dtype, layers, firstLayer: layer, byteLength: 0 };
}

function keyOf({ stack, module, shape, dtype, layers }: Group): string {
  return [stack, module, shape, dtype, layers.size > 0].join('\0');
}

function placeOf({ layers, firstLayer }: Group): string {
  if (layers.size === 0) return '';
  if (layers.size === 1) return layerLabel(firstLayer);
  const label = layerLabel(firstLayer).replace(/ \d+$/, '');
  return `${label === 'layer' ? 'layers' : label} ${describeRanges([...layers])}`;
}

/** `0–3, 5, 8–11`. */
function describeRanges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((x, y) => x - y);
  const starts = sorted.filter((number, i) => i === 0 || number !== sorted[i - 1]! + 1);
  const ends = sorted.filter((number, i) => i === sorted.length - 1 || number !== sorted[i + 1]! - 1);
  return starts.map((start, i) => (start === ends[i] ? String(start) : `${start}–${ends[i]!}`)).join(', ');
}
