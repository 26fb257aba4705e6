import { andList, nameList } from '../../base/nameList.js';
import type { Parameter } from '../parameters/index.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import type { AdapterSettings } from './adapterSettings.js';
import { factorOf, type Factor } from './factors.js';
import { baseName, nestingOf, patternValue, targetedParameters, UnreadPattern } from './moduleNames.js';
import { expertsProduct, scaled, storedProduct, type Orientation } from './products.js';

/** What an adapter has for one weight of its base. */
export interface AdaptedWeight {
  /** Names in the base that the weight may have, the likeliest first. */
  readonly names: readonly string[];
  /** ΔW, scaled, of the shape that the model's code gives the weight (`[out, in]`, `[rows, width]`, `[experts, out, in]`). */
  readonly delta: Recipe;
  /** Null for plain LoRA. */
  readonly magnitudes: Magnitudes | null;
  readonly orientation: Orientation;
}

/** DoRA's magnitudes: one for each output, of embeddings of PEFT one for each column. */
export interface Magnitudes {
  readonly values: Recipe;
  readonly of: 'outputs' | 'columns';
}

/** A tensor that stands in the place of the base's. */
export interface WholeWeight {
  readonly name: string;
  readonly parameter: Parameter;
}

/** Rows that stand in the place of the base's. */
export interface TrainedRows {
  /** Of the embedding. */
  readonly name: string;
  readonly rows: readonly number[];
  readonly values: Recipe;
}

/** What an adapter does to its base. */
export interface AdapterParts {
  readonly kind: 'parts';
  readonly weights: readonly AdaptedWeight[];
  /** Scaled, to be added to the bias of a module. */
  readonly biases: readonly { readonly name: string; readonly delta: Recipe }[];
  readonly wholes: readonly WholeWeight[];
  readonly rows: readonly TrainedRows[];
}

/** Why an adapter is not applied, as a clause about it. */
export interface AdapterObstacle {
  readonly kind: 'obstacle';
  readonly reason: string;
}

type ParameterFactor = Factor<Parameter>;

/**
 * Says what an adapter does to its base, from names, shapes and settings alone.
 * Sources: `get_delta_weight` of PEFT's LoRA layers (ΔW = scale · B·A; transposed for embeddings; expert by expert for fused ones),
 * `fuse` of mlx-lm's LoRA layers (ΔW = scale · (A·B)ᵀ, of embeddings scale · A·B, of experts scale · B·A).
 */
export function readAdapterParts(parameters: readonly Parameter[], adapter: AdapterSettings): AdapterParts | AdapterObstacle {
  const reason = unreadKind(adapter);
  if (reason !== null) return { kind: 'obstacle', reason };
  try {
    return partsOf(parameters, adapter);
  } catch (error) {
    if (error instanceof Obstacle || error instanceof UnreadPattern) return { kind: 'obstacle', reason: error.message };
    throw error;
  }
}

/** Ends the reading of an adapter. The message is a clause about it. */
class Obstacle extends Error {
  override readonly name = 'Obstacle';
}

/** Settings of PEFT's LoRA by which its factors are no plain product any more. Source: `LoraConfig` of peft 0.21. */
const variants: Readonly<Record<string, string>> = {
  use_qalora: 'QALoRA, whose A acts on pooled inputs',
  alora_invocation_tokens: 'activated LoRA, which acts on some tokens only',
  use_bdlora: 'BD-LoRA, whose factors are blocks',
  arrow_config: 'Arrow, which routes tokens between adapters',
  kasa_config: 'KaSA, whose factors have a diagonal between them',
  monteclora_config: 'MonteCLoRA, which samples its factors',
  layer_replication: 'replicated layers, which its base does not have',
};

function unreadKind({ format, kind, raw }: AdapterSettings): string | null {
  if (kind === 'full-weight') return null;
  if (kind !== 'LoRA' && kind !== 'DoRA') return `adapters of this kind (${kind}) are not applied, only LoRA and DoRA`;
  if (format === 'other') return 'its scale is not stated: adapter_config.json is missing, or it is of no format that PEFT or MLX write';
  const variant = Object.keys(variants).find((name) => raw[name] !== undefined && raw[name] !== null && raw[name] !== false);
  return variant === undefined ? null : `it is a variant of LoRA: ${variants[variant]!}`;
}

function partsOf(parameters: readonly Parameter[], adapter: AdapterSettings): AdapterParts {
  const factors = parameters.flatMap((parameter) => factorOf(parameter) ?? []);
  const modules = groupFactors(factors);
  const magnitudes = new Map(parameters.flatMap((parameter) => magnitudeOf(parameter, modules)));
  const known = new Set([...factors.map(({ of }) => of), ...magnitudes.values()]);
  const rows = factors.filter(({ role }) => role === 'trainable_tokens_delta').map((factor) => trainedRows(factor, adapter));
  const nests = nestsOf(modules);
  const weights = [...modules].map(([module, pair]) => {
    const magnitude = pair.get('magnitude') ?? magnitudes.get(module);
    return adaptedWeight(module, pair, magnitude && magnitudesOf(magnitude, pair), nests.get(baseName(module))!, adapter);
  });
  const biases = [...modules].flatMap(([module, pair]) => biasOf(module, pair, adapter));
  const wholes = parameters
    .filter((parameter) => !known.has(parameter))
    .map((parameter) => ({ name: baseName(parameter.name), parameter }));
  return { kind: 'parts', weights, biases, wholes, rows };
}

/** What a module has, by its side of the product. */
type Pair = Map<'a' | 'b' | 'bias' | 'magnitude', Parameter> & { embedding?: boolean };

const sides: Readonly<Record<string, 'a' | 'b'>> = {
  lora_A: 'a',
  lora_B: 'b',
  lora_a: 'a',
  lora_b: 'b',
  lora_embedding_A: 'a',
  lora_embedding_B: 'b',
};

function groupFactors(factors: readonly ParameterFactor[]): Map<string, Pair> {
  const modules = new Map<string, Pair>();
  for (const { of, module, role, member } of factors) {
    const side = role === 'lora_magnitude_vector' ? 'magnitude' : member === 'bias' ? 'bias' : sides[role];
    if (role === 'trainable_tokens_delta') continue;
    if (side === undefined) throw new Obstacle(`it has factors that are not read: ${nameList([of.name])}`);
    const pair: Pair = modules.get(module) ?? new Map();
    if (role.startsWith('lora_embedding')) pair.embedding = true;
    modules.set(module, pair.set(side, of));
  }
  const single = [...modules].filter(([, pair]) => !pair.has('a') || !pair.has('b')).map(([module]) => module);
  if (single.length > 0) throw new Obstacle(`one of two factors is missing for ${nameList(single)}`);
  return modules;
}

/** MLX calls the magnitudes of DoRA `X.m`, beside `X.lora_a`. */
function magnitudeOf(parameter: Parameter, modules: ReadonlyMap<string, Pair>): (readonly [string, Parameter])[] {
  const module = parameter.name.endsWith('.m') ? parameter.name.slice(0, -2) : null;
  return module !== null && modules.has(module) ? [[module, parameter]] : [];
}

/** Wrappers of the same module of the base, outermost first. */
function nestsOf(modules: ReadonlyMap<string, Pair>): ReadonlyMap<string, readonly string[]> {
  const nests = new Map<string, string[]>();
  for (const module of modules.keys()) nests.set(baseName(module), [...(nests.get(baseName(module)) ?? []), module]);
  for (const nest of nests.values()) nest.sort((one, other) => nestingOf(one) - nestingOf(other));
  return nests;
}

function magnitudesOf(parameter: Parameter, pair: Pair): Magnitudes {
  return { values: recipeOf(parameter), of: pair.embedding === true ? 'columns' : 'outputs' };
}

function adaptedWeight(
  module: string,
  pair: Pair,
  magnitudes: Magnitudes | undefined,
  nest: readonly string[],
  adapter: AdapterSettings,
): AdaptedWeight {
  const [a, b] = [recipeOf(pair.get('a')!), recipeOf(pair.get('b')!)];
  const plain = baseName(module);
  const targeted = targetedParameters(plain, adapter);
  if (targeted.length === 0) {
    const product = productOf(plain, pair, a, b, adapter);
    return { names: [`${plain}.weight`], magnitudes: magnitudes ?? null, ...product };
  }
  const inOrder = nest.length === targeted.length ? [targeted[nest.length - 1 - nest.indexOf(module)]!] : [];
  const names = [...new Set([...inOrder, ...targeted])].map((leaf) => `${plain}.${leaf}`);
  return { names, magnitudes: null, ...targetedProduct(names[0]!, a, b, adapter) };
}

type Product = Pick<AdaptedWeight, 'delta' | 'orientation'>;

function productOf(module: string, pair: Pair, a: Recipe, b: Recipe, adapter: AdapterSettings): Product {
  const [shapeA, shapeB] = [shapeOf(a), shapeOf(b)];
  const isMlx = adapter.format === 'mlx';
  const dimensions = shapeA.length === shapeB.length ? shapeA.length : null;
  if (dimensions !== 2 && !(isMlx && dimensions === 3)) throw new Obstacle(describeShapes(module, shapeA, shapeB));
  const product = isMlx
    ? storedProduct.mlx(a, b, mlxScale(module, a, adapter), /(?:^|\.)(?:embed_tokens|wte|tok_embeddings)$/.test(module))
    : storedProduct.peft(a, b, peftScale(module, shapeA[0]!, adapter), pair.embedding === true);
  if (product === null) throw new Obstacle(describeShapes(module, shapeA, shapeB));
  const transposes = adapter.raw['fan_in_fan_out'] === true && pair.embedding !== true;
  return { ...product, orientation: transposes && product.orientation === 'linear' ? 'conv1d' : product.orientation };
}

function describeShapes(module: string, a: readonly number[], b: readonly number[]): string {
  const kind = a.length > 2 && b.length > 2 ? 'convolutions are not applied' : 'its factors do not fit each other';
  return `${kind}: ${module} has A [${a.join(', ')}] and B [${b.join(', ')}]`;
}

/** Weights without a module of their own: their factors hold those of all experts. */
function targetedProduct(name: string, a: Recipe, b: Recipe, adapter: AdapterSettings): Product {
  const rank = patternValue(adapter.rankPattern, name) ?? adapter.rank;
  const [rowsA, columnsB] = [shapeOf(a)[0]!, shapeOf(b)[1]!];
  if (rank === null || rowsA % rank !== 0 || rowsA !== columnsB)
    throw new Obstacle(
      `its rank (${rank ?? 'not stated'}) does not divide the ${rowsA} rows and ${columnsB} columns of the factors of ${name}`,
    );
  return expertsProduct(a, b, peftScale(name, rank, adapter), rank);
}

/** `alpha ∕ rank`, or `alpha ∕ √rank` of rank-stabilised adapters (Kalajdzievski 2023). */
function peftScale(module: string, rank: number, { alpha, alphaPattern, usesRslora }: AdapterSettings): number {
  const own = patternValue(alphaPattern, module) ?? alpha;
  if (own === null) throw new Obstacle('its alpha is not stated');
  return own / (usesRslora ? Math.sqrt(rank) : rank);
}

/** Versions of mlx-lm until 0.18 stated an alpha as well, and scaled by scale · alpha ∕ rank. */
function mlxScale(module: string, a: Recipe, { scale, alpha }: AdapterSettings): number {
  if (scale === null) throw new Obstacle(`the scale of its factors is not stated (lora_parameters.scale), as for ${module}`);
  const shape = shapeOf(a);
  return alpha === null ? scale : (scale * alpha) / (shape.length === 3 ? shape[1]! : shape.at(-1)!);
}

/** `lora_bias`: B has a bias, which is scaled as the product is. */
function biasOf(module: string, pair: Pair, adapter: AdapterSettings): { name: string; delta: Recipe }[] {
  const bias = pair.get('bias');
  if (bias === undefined) return [];
  const plain = baseName(module);
  const rank = shapeOf(recipeOf(pair.get('a')!))[0]!;
  return [{ name: `${plain}.bias`, delta: scaled(recipeOf(bias), peftScale(plain, rank, adapter)) }];
}

/** Source: `TrainableTokensLayer` of peft, which replaces the rows. */
function trainedRows({ of, module }: ParameterFactor, { raw }: AdapterSettings): TrainedRows {
  const plain = baseName(module);
  const rows = rowsOf(raw['trainable_token_indices'] ?? raw['token_indices'], plain);
  const values = recipeOf(of);
  if (rows === null || rows.length !== shapeOf(values)[0])
    throw new Obstacle(`which rows its trained tokens are (trainable_token_indices) does not fit ${of.name}`);
  return { name: `${plain}.weight`, rows, values };
}

function rowsOf(stated: unknown, module: string): readonly number[] | null {
  const list = isList(stated) ? stated : ownRows(stated, module);
  const isRow = (row: unknown): row is number => Number.isSafeInteger(row) && (row as number) >= 0;
  return list?.every(isRow) === true ? list : null;
}

function ownRows(stated: unknown, module: string): readonly unknown[] | null {
  if (typeof stated !== 'object' || stated === null) return null;
  const [, rows] = Object.entries(stated).find(([name]) => module === name || module.endsWith(`.${name}`)) ?? [];
  return isList(rows) ? rows : null;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** @throws Obstacle for factors in codes */
function recipeOf({ name, storage }: Parameter): Recipe {
  if (storage.kind === 'codes') throw new Obstacle(`${name} is stored as codes`);
  return storage;
}

/** Why an adapter is more than a sum with any base, as a clause about it; null when it is purely additive. */
export function whyNotAdditive(parts: AdapterParts, adapter: AdapterSettings): string | null {
  const reasons = [
    ...(changesItsBase(adapter) ? [`its initialisation (${String(adapter.initialisation)}) changed the base's weights as well`] : []),
    ...(parts.weights.some(({ magnitudes }) => magnitudes !== null) ? ['DoRA scales the rows of the sum'] : []),
    ...(parts.wholes.length > 0 ? [`it stores ${nameList(parts.wholes.map(({ name }) => name))} whole`] : []),
    ...(parts.rows.length > 0 ? ['it stores rows of trained tokens'] : []),
  ];
  return reasons.length === 0 ? null : andList(reasons);
}

/**
 * Whether the factors are a change of other weights than the base's: these initialisations move a part of the base into them. PEFT
 * states another initialisation once it has converted such an adapter. Source: `pissa_init`, `olora_init`, `corda_init`,
 * `loftq_init` and `lora_ga_init` of peft 0.21; `gaussian`, `eva`, `orthogonal` and `mica` leave the base as it is.
 */
export function changesItsBase({ initialisation }: AdapterSettings): boolean {
  return typeof initialisation === 'string' && /^(?:pissa|olora|corda|loftq|lora_ga)/i.test(initialisation);
}
