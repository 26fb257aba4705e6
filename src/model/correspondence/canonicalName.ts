import { expertHolders, expertModules, gatedExpansions, layerModules, outsideModules, stackedExperts, type Renamed } from './schemes.js';

/** A name as Hugging Face's Llama would have it. */
export interface CanonicalName {
  readonly name: string;
  /** The schemes by which it was renamed; empty where it has that name already. */
  readonly schemes: readonly string[];
}

/** Shape of a tensor of the same model; undefined where it has none of that name. */
export type ShapeByName = (name: string) => readonly number[] | undefined;

const inLayer = /^(.*?)(?:(?<=^|\.))(layers|layer|h|blocks|block|blk)\.(\d+)\.(.+)$/s;
const oneExpert = /^(?:(.*)\.)?experts\.(\d+)\.(.+)$/s;
const allExperts = /^(?:(.*)\.)?experts\.(gate_up_proj|gate_proj|up_proj|down_proj)(?:\.(weight|bias)|_(bias))?$/s;
const leaves: Readonly<Record<string, string>> = {
  weight: 'weight',
  bias: 'bias',
  weight_g: 'parametrizations.weight.original0',
  weight_v: 'parametrizations.weight.original1',
};
const normLeaves: Readonly<Record<string, string>> = { gamma: 'weight', beta: 'bias' };

/** Says a name, its wrappers removed, in the one scheme that all others are compared in. */
export function canonicalName(name: string, shapeOf: ShapeByName): CanonicalName {
  const [, prefix, stack, layer, inner] = inLayer.exec(name) ?? [];
  if (prefix === undefined || inner === undefined)
    return name.includes('experts.') ? joinName('', layerName(name, shapeOf)) : outsideName(name);
  const within = `${prefix}${stack!}.${layer!}.`;
  return joinName(
    `${prefix}layers.${layer!}.`,
    layerName(inner, (path) => shapeOf(within + path)),
  );
}

interface Parsed {
  readonly module: string;
  readonly leaf: string;
  readonly schemes: readonly string[];
}

function joinName(place: string, { module, leaf, schemes }: Parsed): CanonicalName {
  return { name: `${place}${module}${leaf === '' ? '' : `.${leaf}`}`, schemes };
}

function layerName(inner: string, shapeOf: ShapeByName): Parsed {
  const stacked = allExperts.exec(inner);
  if (stacked !== null) {
    const holder = holderOf(stacked[1] ?? '');
    return { ...holder, module: `${holder.module}experts.${stacked[2]!}`, leaf: stacked[3] ?? stacked[4] ?? 'weight' };
  }
  const { module, leaf, schemes } = splitLeaf(inner);
  const expert = oneExpert.exec(module);
  if (expert !== null) {
    const holder = holderOf(expert[1] ?? '');
    const role = expertModules.get(expert[3]!);
    const path = `${holder.module}experts.${expert[2]!}.${role?.name ?? expert[3]!}`;
    return { module: path, leaf, schemes: distinct([...holder.schemes, ...(role ? [role.scheme] : []), ...schemes]) };
  }
  const renamed = renameModule(module, shapeOf);
  return { module: renamed?.name ?? module, leaf, schemes: distinct([...(renamed ? [renamed.scheme] : []), ...schemes]) };
}

function renameModule(module: string, shapeOf: ShapeByName): Renamed | undefined {
  const contraction = gatedExpansions.get(module);
  const renamed = stackedExperts.get(module) ?? layerModules.get(module);
  if (contraction === undefined || renamed === undefined) return renamed;
  const [rows, columns] = [shapeOf(`${module}.weight`)?.[0], shapeOf(`${contraction}.weight`)?.[1]];
  const isGated = rows !== undefined && columns !== undefined && rows === 2 * columns;
  return isGated ? { ...renamed, name: 'mlp.gate_up_proj' } : renamed;
}

function holderOf(path: string): Pick<Parsed, 'module' | 'schemes'> {
  const renamed = expertHolders.get(path);
  if (renamed !== undefined) return { module: `${renamed.name}.`, schemes: [renamed.scheme] };
  return { module: path === '' ? '' : `${path}.`, schemes: [] };
}

/** Names such as `LayerNorm.gamma` say `weight` otherwise. */
function splitLeaf(path: string): Parsed {
  const dot = path.lastIndexOf('.');
  const [module, last] = [path.slice(0, Math.max(0, dot)), path.slice(dot + 1)];
  const renamed = /norm[^.]*$/i.test(module) ? normLeaves[last] : undefined;
  if (renamed !== undefined) return { module, leaf: renamed, schemes: [`LayerNorm ${last}`] };
  const leaf = Object.hasOwn(leaves, last) ? leaves[last]! : null;
  if (leaf === null) return { module: path, leaf: '', schemes: [] };
  return { module, leaf, schemes: leaf === last ? [] : ['weight norm'] };
}

/** The module's whole path, else its last one or two segments behind any prefix. */
function outsideName(name: string): CanonicalName {
  const { module, leaf, schemes } = splitLeaf(name);
  const segments = module.split('.');
  for (let first = Math.max(0, segments.length - 2); first < segments.length; first++) {
    const renamed = outsideModules.get(segments.slice(first).join('.'));
    if (renamed === undefined) continue;
    const path = [...segments.slice(0, first), renamed.name, ...(leaf === '' ? [] : [leaf])].join('.');
    return { name: path, schemes: distinct([renamed.scheme, ...schemes]) };
  }
  return { name: leaf === '' ? module : `${module}.${leaf}`, schemes };
}

function distinct(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)];
}
