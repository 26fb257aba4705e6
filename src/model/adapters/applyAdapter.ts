import { nameList } from '../../base/nameList.js';
import type { Parameter } from '../parameters/index.js';
import { applyPrefixMap, proposePrefixMap, type PrefixRule } from '../names/index.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import type { AdaptedWeight, AdapterParts, Magnitudes, TrainedRows, WholeWeight } from './adapterParts.js';
import { partOf, reshaped, scaled, transposed } from './products.js';

/** Why an adapter does not fit a base, as a clause. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError';
}

/** What of a base an adapter meets. */
export interface AdaptedBase {
  readonly parameters: readonly Parameter[];
  /** Whether experts of this architecture lie as `[experts, in, out]`; null where it is not known. */
  readonly transposesExperts: boolean | null;
  /** Whether its output head is its embedding. */
  readonly tiesHead: boolean;
}

export interface AppliedAdapter {
  readonly parameters: readonly Parameter[];
  /** By which the adapter's names were matched with the base's. */
  readonly prefixMap: readonly PrefixRule[];
  readonly changed: number;
  readonly replaced: number;
  /** Names of whole weights that the base does not have. */
  readonly added: readonly string[];
}

/**
 * The parameters of a base with an adapter: `base + scale · ΔW` as recipes, saved modules in place of the base's. What is replaced comes
 * first, so that a saved embedding that has factors as well is the one that they change.
 * @param scale of ΔW; other parts have none
 * @throws MisfitError when a weight is not there, or of another shape
 */
export function applyAdapter(base: AdaptedBase, parts: AdapterParts, scale: number): AppliedAdapter {
  requireScalable(parts, scale);
  const names = namesOf(parts);
  const { rules, nameIn } = matchNames(base.parameters, names);
  const parameters = new Map(base.parameters.map((parameter) => [parameter.name, parameter]));
  for (const whole of parts.wholes) replaceWhole(parameters, nameIn(whole.name), whole);
  for (const rows of parts.rows) update(parameters, nameIn(rows.name), (parameter) => withRows(parameter, rows));
  for (const { name, delta } of parts.biases)
    update(parameters, nameIn(name), (parameter) => withDelta(parameter, scaled(delta, scale), name));
  for (const weight of parts.weights) addWeight(parameters, base, { ...weight, names: weight.names.map(nameIn) }, scale);
  const known = new Set(base.parameters.map(({ name }) => name));
  const added = parts.wholes.map(({ name }) => nameIn(name)).filter((name) => !known.has(name));
  const replaced = parts.wholes.length + parts.rows.length - added.length;
  const changed = parts.weights.length + parts.biases.length;
  return { parameters: [...parameters.values()], prefixMap: rules, changed, replaced, added };
}

function requireScalable(parts: AdapterParts, scale: number): void {
  if (scale === 1) return;
  const isScalable = parts.wholes.length === 0 && parts.rows.length === 0 && parts.weights.every(({ magnitudes }) => magnitudes === null);
  if (isScalable) return;
  throw new MisfitError(
    `it is more than a sum (DoRA, or weights that are stored whole), so a factor of ${scale} means nothing for it; leave the factor out, or interpolate between the base and base + adapter`,
  );
}

interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[] | null;
}

function namesOf({ weights, wholes, rows, biases }: AdapterParts): NamedShape[] {
  return [
    ...weights.map(({ names, delta, orientation }) => ({
      name: names[0]!,
      shape: shapeOf(orientation === 'conv1d' ? transposed(delta) : delta),
    })),
    ...wholes.map(({ name, parameter }) => ({ name, shape: parameter.shape })),
    ...[...rows, ...biases].map(({ name }) => ({ name, shape: null })),
  ];
}

/** Adapters are trained on wrapped models, too: where names are not the base's, they are matched by prefix. */
function matchNames(base: readonly Parameter[], names: readonly NamedShape[]): { rules: PrefixRule[]; nameIn: (name: string) => string } {
  const known = new Set(base.map(({ name }) => name));
  const rules = names.every(({ name }) => known.has(name)) ? [] : proposePrefixMap(base, names);
  const nameIn = (name: string): string => {
    const mapped = applyPrefixMap(name, rules);
    return !known.has(name) && known.has(mapped) ? mapped : name;
  };
  return { rules: names.some(({ name }) => nameIn(name) !== name) ? rules : [], nameIn };
}

function update(parameters: Map<string, Parameter>, name: string, change: (parameter: Parameter) => Recipe): void {
  const parameter = parameters.get(name);
  if (parameter === undefined) throw new MisfitError(`the base has no ${name}, which the adapter changes`);
  const storage = change(parameter);
  parameters.set(name, { ...parameter, storage });
}

function replaceWhole(parameters: Map<string, Parameter>, name: string, { parameter }: WholeWeight): void {
  const known = parameters.get(name);
  const rowsMayDiffer = (known?.shape?.length ?? 0) > 1;
  if (
    known?.shape &&
    parameter.shape &&
    !isSameShape(known.shape.slice(rowsMayDiffer ? 1 : 0), parameter.shape.slice(rowsMayDiffer ? 1 : 0))
  )
    throw new MisfitError(describeShapes(name, known.shape, parameter.shape));
  parameters.set(name, { ...parameter, name });
}

/** @throws MisfitError for codes without values */
function valuesOf({ name, storage }: Parameter): Recipe {
  if (storage.kind !== 'codes') return storage;
  if (storage.recipe === null) throw new MisfitError(`${name} of the base is stored as codes whose values are not read`);
  return storage.recipe;
}

function withDelta(parameter: Parameter, delta: Recipe, name: string): Recipe {
  if (parameter.shape === null || !isSameShape(parameter.shape, shapeOf(delta)))
    throw new MisfitError(describeShapes(name, parameter.shape, shapeOf(delta)));
  return sumOf(valuesOf(parameter), delta);
}

/** One sum for several adapters. */
function sumOf(base: Recipe, delta: Recipe): Recipe {
  return base.kind === 'sum' ? { ...base, of: [...base.of, delta] } : { kind: 'sum', of: [base, delta] };
}

function addWeight(parameters: Map<string, Parameter>, base: AdaptedBase, weight: AdaptedWeight, scale: number): void {
  const candidates = weight.names.flatMap((name) => parameters.get(name) ?? []);
  const found = candidates.flatMap((parameter) => {
    const isTurned = liesTurned(weight, parameter, base);
    return isTurned === null ? [] : [{ name: parameter.name, isTurned }];
  })[0];
  if (found === undefined) throw misfitOf(weight, candidates, base);
  const delta = scaled(found.isTurned ? transposed(weight.delta) : weight.delta, scale);
  update(parameters, found.name, (parameter) => {
    const sum = withDelta(parameter, delta, parameter.name);
    return weight.magnitudes === null ? sum : withMagnitudes(sum, weight.magnitudes, found);
  });
}

function misfitOf({ names, delta }: AdaptedWeight, candidates: readonly Parameter[], { tiesHead }: AdaptedBase): MisfitError {
  const [first] = candidates;
  const name = first?.name ?? names[0]!;
  if (first !== undefined) return new MisfitError(describeShapes(name, first.shape, shapeOf(delta)));
  const tied = tiesHead && /(?:^|\.)(?:lm_head|embed_out)\.weight$/.test(name);
  return new MisfitError(
    tied
      ? `it adapts the output head ${name}, which the base ties to its embedding, so that a change of the one would change the other`
      : `the base has no ${nameList(names)}, which the adapter changes`,
  );
}

/**
 * Whether the weight lies in the base with ΔW's last two axes swapped: shapes tell where they can, else what the adapter and the
 * architecture say. Null where it fits neither way.
 */
export function liesTurned(
  { delta, orientation }: AdaptedWeight,
  { shape, name }: Parameter,
  { transposesExperts }: AdaptedBase,
): boolean | null {
  if (shape === null) return null;
  const plain = shapeOf(delta);
  const fits = isSameShape(shape, plain);
  const fitsTurned = orientation !== 'embedding' && isSameShape(shape, [...plain.slice(0, -2), plain.at(-1)!, plain.at(-2)!]);
  if (!fits || !fitsTurned) return fits ? false : fitsTurned ? true : null;
  if (orientation !== 'experts') return orientation === 'conv1d';
  if (transposesExperts !== null) return transposesExperts;
  throw new MisfitError(
    `whether ${name} [${shape.join(', ')}] lies as [experts, in, out] or [experts, out, in] is not known for this architecture`,
  );
}

/**
 * `m · (W + ΔW) ∕ ‖W + ΔW‖`, with a norm and a magnitude for each output (Liu et al. 2024, eq. 5; `DoraLinearVariant.merge_safe` of peft,
 * `fuse` of mlx-lm's DoRA layers). PEFT has those of an embedding for each column.
 */
function withMagnitudes(sum: Recipe, { values, of }: Magnitudes, { name, isTurned }: { name: string; isTurned: boolean }): Recipe {
  const isByColumn = of === 'columns' || isTurned;
  const oriented = isByColumn ? transposed(sum) : sum;
  const [outputs, inputs] = shapeOf(oriented) as [number, number];
  const count = shapeOf(values).reduce((product, size) => product * size, 1);
  if (count !== outputs) throw new MisfitError(`${name} has ${outputs} outputs in the base, and the adapter ${count} magnitudes (DoRA)`);
  const product: Recipe = {
    kind: 'blockwise',
    operation: 'multiply',
    of: { kind: 'normalised', of: oriented },
    by: reshaped(values, [outputs, 1]),
    blockRows: 1,
    blockColumns: inputs,
  };
  return isByColumn ? transposed(product) : product;
}

/** Rows of the base in turns with those of the adapter. */
function withRows(parameter: Parameter, { rows, values, name }: TrainedRows): Recipe {
  const base = valuesOf(parameter);
  const shape = shapeOf(base);
  const order = rows.map((row, index) => ({ row, index })).sort((one, other) => one.row - other.row);
  if (shape.length !== 2 || shape[1] !== shapeOf(values)[1] || (order.at(-1)?.row ?? 0) >= shape[0]!)
    throw new MisfitError(describeShapes(name, shape, shapeOf(values)));
  const parts: Recipe[] = [];
  let next = 0;
  for (const { row, index } of order) {
    if (row > next) parts.push(partOf(base, 0, next, row - next, 1));
    if (row >= next) parts.push(partOf(values, 0, index, 1, 1));
    next = Math.max(next, row + 1);
  }
  if (next < shape[0]!) parts.push(partOf(base, 0, next, shape[0]! - next, 1));
  return { kind: 'concatenation', axis: 0, of: parts };
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function describeShapes(name: string, base: readonly number[] | null, adapter: readonly number[] | null): string {
  return `${name} is [${base?.join(', ') ?? 'of unknown shape'}] in the base, and the adapter is for [${adapter?.join(', ') ?? 'an unknown shape'}]`;
}
