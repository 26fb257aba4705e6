import type { Model } from '../../../model/index.js';
import { parseTensorName } from '../../../model/names/index.js';
import { isMost, missingNames, type Explanation, type FitFacts } from './facts.js';

/** Versions of one family in other sizes: most shapes differ, or a stack goes on where the other's ends. */
export const explainSize: Explanation = (facts) => {
  const { template, input, mismatches, fitting } = facts;
  const shapes = mismatches.filter(({ kind }) => kind === 'shape');
  const isOtherWidth = isMost(shapes.length, shapes.length + fitting.length);
  const depths = depthDifference(facts);
  if (!isOtherWidth && depths.length === 0) return null;
  const found = [...(isOtherWidth ? widthDifference(input.checkpoint, template.checkpoint) : []), ...depths];
  const example = shapes[0] === undefined ? '' : ` (${shapes[0].tensor}: ${shapes[0].reason})`;
  const what = found.length === 0 ? 'most of its tensors have other shapes' : found.join(', ');
  const message = `${input.role} is of another size than ${template.role}: ${what}${example}. Weights of different sizes have nothing in common to add: choose versions of one size.`;
  return { severity: 'error', code: 'size-differs', message, file: input.checkpoint.path };
};

function widthDifference(input: Model, template: Model): string[] {
  const [other, own] = [hiddenSize(input), hiddenSize(template)];
  return other === null || own === null || other === own ? [] : [`hidden size ${other} instead of ${own}`];
}

/** As `config.json` says, else as the norms show. */
function hiddenSize({ config, parameters }: Model): number | null {
  const norm = parameters.find(({ name, shape }) => shape?.length === 1 && name.endsWith('norm.weight'));
  return config?.hiddenSize ?? norm?.shape?.[0] ?? null;
}

/** Where most of what is missing are layers that one side has not at all, of a stack that both have. */
function depthDifference(facts: FitFacts): string[] {
  const otherwise = facts.mismatches.filter(({ kind }) => kind !== 'missing').map(({ tensor }) => tensor);
  const fitting = layersByStack([...facts.fitting, ...otherwise]);
  const [missing, unplaced] = [missingNames(facts), facts.unplaced];
  const [own, other] = [furtherLayers(missing, fitting), furtherLayers(unplaced, fitting)];
  if (!isMost(own.nameCount + other.nameCount, missing.length + unplaced.length)) return [];
  const stack = own.stack ?? other.stack;
  const shared = stack === null ? 0 : fitting.get(stack)!.size;
  return [`${shared + other.layerCount} layers instead of ${shared + own.layerCount}`];
}

interface FurtherLayers {
  readonly stack: string | null;
  readonly layerCount: number;
  readonly nameCount: number;
}

/** Names of layers that a stack has beyond those that both have. */
function furtherLayers(names: readonly string[], fitting: ReadonlyMap<string, ReadonlySet<number>>): FurtherLayers {
  const further = names.filter((name) => {
    const { stack, index } = placeOf(name);
    return index !== null && fitting.get(stack)?.has(index) === false;
  });
  const layers = new Set(further.map((name) => parseTensorName(name).layer));
  return { stack: further[0] === undefined ? null : placeOf(further[0]).stack, layerCount: layers.size, nameCount: further.length };
}

function layersByStack(names: readonly string[]): Map<string, Set<number>> {
  const stacks = new Map<string, Set<number>>();
  for (const name of names) {
    const { stack, index } = placeOf(name);
    if (index !== null) stacks.set(stack, (stacks.get(stack) ?? new Set()).add(index));
  }
  return stacks;
}

function placeOf(name: string): { readonly stack: string; readonly index: number | null } {
  const { layer, layerIndex } = parseTensorName(name);
  return { stack: layer.slice(0, Math.max(0, layer.lastIndexOf('.'))), index: layerIndex };
}
