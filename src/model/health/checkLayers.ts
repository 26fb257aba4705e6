import type { Finding } from '../../checkpoint/finding.js';
import type { ModelConfig } from '../settings/index.js';
import type { TensorListing } from '../../checkpoint/checkpoint.js';
import { layerLabel, layerOf } from '../names/index.js';

/** Counted layers above this are not listed one by one: a name may carry any number. */
const largestLayerCount = 10_000;

interface Stack {
  /** Name before the number: `model.layers`. */
  readonly name: string;
  readonly indices: ReadonlySet<number>;
}

/** Layers that are missing between others, and a count that differs from `num_hidden_layers`. */
export function checkLayers(path: string, tensors: readonly TensorListing[], config: ModelConfig | null): Finding[] {
  const stacks = findStacks(tensors);
  const main = mainStack(stacks);
  return stacks.flatMap((stack) => checkStack(path, stack, stack === main ? (config?.layerCount ?? null) : null));
}

function findStacks(tensors: readonly TensorListing[]): Stack[] {
  const indices = new Map<string, Set<number>>();
  for (const { name } of tensors) {
    const { layer, layerIndex } = layerOf(name);
    if (layerIndex === null) continue;
    const stack = layer.slice(0, layer.lastIndexOf('.'));
    const known = indices.get(stack) ?? new Set();
    indices.set(stack, known.add(layerIndex));
  }
  return [...indices].map(([name, set]) => ({ name, indices: set }));
}

/** The stack that `num_hidden_layers` counts: the only one, or the only one called plainly `layer`. */
function mainStack(stacks: readonly Stack[]): Stack | null {
  const plain = stacks.filter(({ name }) => layerLabel(`${name}.0`) === 'layer 0');
  const candidates = stacks.length === 1 ? stacks : plain;
  return candidates.length === 1 ? candidates[0]! : null;
}

function checkStack(file: string, { name, indices }: Stack, expected: number | null): Finding[] {
  const highest = [...indices].reduce((most, index) => Math.max(most, index), 0);
  const until = Math.max(highest + 1, expected ?? 0);
  if (until > largestLayerCount) return [];
  const missing = Array.from({ length: until }, (_, index) => index).filter((index) => !indices.has(index));
  if (missing.length > 0)
    return [{ severity: 'error', code: 'layers-missing', message: describeMissing(name, indices.size, missing, expected), file }];
  if (expected === null || indices.size === expected) return [];
  const message = `${name} has ${indices.size} layers, config.json says ${expected}: the rest may serve another purpose, or config.json is of another model.`;
  return [{ severity: 'info', code: 'layers-more-than-config', message, file }];
}

function describeMissing(stack: string, found: number, missing: readonly number[], expected: number | null): string {
  const listed = missing.slice(0, 8).join(', ') + (missing.length > 8 ? ` and ${missing.length - 8} more` : '');
  const config = expected === null ? '' : `; config.json says ${expected}`;
  return `${stack} has ${found} layers and lacks ${missing.length === 1 ? 'layer' : 'layers'} ${listed}${config}. Check that the download or export is complete.`;
}
