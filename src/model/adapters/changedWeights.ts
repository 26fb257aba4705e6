import type { Tensor } from '../../checkpoint/index.js';
import type { Parameter, ParameterStorage } from '../parameters/index.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import type { AdapterSettings } from './adapterSettings.js';
import { factorOf, type Factor } from './factors.js';

/** What PEFT puts before the names of the model that it wraps. */
const wrapper = /^base_model\.model\./;

/** What an adapter has for one weight of its base: the change of it, or the whole of it. */
export interface ChangedWeight {
  readonly name: string;
  readonly shape: readonly number[] | null;
  readonly storage: Recipe | ParameterStorage;
}

/** The two factors of a module. */
interface FactorPair {
  readonly module: string;
  readonly a: Factor;
  readonly b: Factor;
}

/**
 * What an adapter changes: for each module the ΔW that merging it would add, named and shaped as the base's weight, in place of its
 * factors. Tensors that are stored whole stay as they are. Null for adapters that are more than a sum (DoRA, LoHa, IA³…), or whose
 * scale is not stated: their factors mean nothing by themselves.
 * Source: `get_delta_weight` of PEFT's LoRA layers (ΔW = scale · B·A; transposed for embeddings), `fuse` of mlx-lm's `LoRALinear`
 * (ΔW = scale · (A·B)ᵀ).
 */
export function changedWeights(parameters: readonly Parameter[], adapter: AdapterSettings): ChangedWeight[] | null {
  if (adapter.kind !== 'LoRA') return null;
  const factors = parameters.flatMap(({ storage }) => (storage.kind === 'stored' ? (factorOf(storage.tensor) ?? []) : []));
  const pairs = pairFactors(factors);
  const changes = pairs?.map((pair) => changeOf(pair, adapter));
  if (changes === undefined || !changes.every((change) => change !== null)) return null;
  const known = new Set(factors.map(({ tensor }) => tensor));
  return [...changes, ...parameters.filter(({ storage }) => storage.kind !== 'stored' || !known.has(storage.tensor))];
}

/** Null where a factor has no counterpart. */
function pairFactors(factors: readonly Factor[]): FactorPair[] | null {
  const modules = new Map<string, { a?: Factor; b?: Factor }>();
  for (const factor of factors) {
    const side = /_a$/i.test(factor.role) ? 'a' : 'b';
    const pair = modules.get(factor.module) ?? {};
    modules.set(factor.module, { ...pair, [side]: factor });
  }
  const pairs = [...modules].flatMap(([module, { a, b }]) => (a === undefined || b === undefined ? [] : [{ module, a, b }]));
  return pairs.length * 2 === factors.length ? pairs : null;
}

function changeOf({ module, a, b }: FactorPair, adapter: AdapterSettings): ChangedWeight | null {
  const plainModule = module.replace(wrapper, '');
  const recipe = deltaOf(a, b.tensor, plainModule, adapter);
  if (recipe === null) return null;
  return { name: `${plainModule}.weight`, shape: shapeOf(recipe), storage: recipe };
}

function deltaOf({ tensor: a, role }: Factor, b: Tensor, module: string, adapter: AdapterSettings): Recipe | null {
  if (a.shape.length !== 2 || b.shape.length !== 2) return null;
  if (adapter.format === 'mlx') return adapter.scale === null ? null : transposedProduct(adapter.scale, a, b);
  const rank = a.shape[0]!;
  const scale = scaleOf(module, rank, adapter);
  if (scale === null || b.shape[1] !== rank) return null;
  return role === 'lora_embedding_A' ? transposedProduct(scale, b, a) : lowRank(scale, b, a);
}

function lowRank(scale: number, b: Tensor, a: Tensor): Recipe {
  return { kind: 'low-rank', scale, b: { kind: 'stored', tensor: b }, a: { kind: 'stored', tensor: a } };
}

function transposedProduct(scale: number, left: Tensor, right: Tensor): Recipe | null {
  return left.shape[1] === right.shape[0] ? { kind: 'transposed', of: lowRank(scale, left, right) } : null;
}

/** `alpha ∕ rank`, or `alpha ∕ √rank` of rank-stabilised adapters (Kalajdzievski 2023). */
function scaleOf(module: string, rank: number, { alpha, alphaPattern, usesRslora }: AdapterSettings): number | null {
  const own = patternValue(alphaPattern, module) ?? alpha;
  return own === null ? null : own / (usesRslora ? Math.sqrt(rank) : rank);
}

/** The value of the first key that is the end of a module's name, or fits it as an expression. Source: `get_pattern_key` of peft. */
function patternValue(pattern: Readonly<Record<string, number>>, module: string): number | null {
  const key = Object.keys(pattern).find((candidate) => module === candidate || module.endsWith(`.${candidate}`) || fits(candidate, module));
  return key === undefined ? null : pattern[key]!;
}

/** Only what a name can hold and a few wildcards: a stranger's expression could take for ever. */
function fits(pattern: string, module: string): boolean {
  if (!/^[\w.\\^$*|()[\]-]{1,200}$/.test(pattern) || /[*+)]\s*[*+]|\([^)]*[*+][^)]*\)\s*[*+]/.test(pattern)) return false;
  try {
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`).test(module);
  } catch {
    return false;
  }
}
