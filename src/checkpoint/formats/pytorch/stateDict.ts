import { calleeName, entriesOf, innerValues, isObject, itemsOf, valueOf, type PickleValue } from '../pickle/index.js';
import { isTensor } from './torchTensor.js';

/** The named tensors of what was saved. */
export interface StateDict {
  /** In the order in which they were saved; not looked into yet. */
  readonly tensors: ReadonlyMap<string, PickleValue>;
  /** Keys that lead to them: `['state_dict']`; empty where they are what was saved. */
  readonly path: readonly string[];
  /** Keys of what else holds tensors, with their number: an optimizer, an average of the weights. */
  readonly others: readonly (readonly [key: string, count: number])[];
  /** Names of what lies among the tensors and is none: numbers, texts, objects of classes that are not known. */
  readonly opaque: readonly string[];
  /** Class of a module that was saved whole; null for a plain dictionary. */
  readonly module: string | null;
}

/** Names under which programs put the weights beside their training state, the more usual first. */
const weightKeys = [
  ...['state_dict', 'model_state_dict', 'model', 'module', 'model_state', 'net', 'network', 'weights', 'params', 'generator'],
  ...['module_state_dict', 'model_weights', 'policy', 'unet'],
];

/** Beside weights these are not the model that is meant. */
const trainingKey =
  /^(?:opt|optim.*|.*optimizers?(?:_state.*)?|lr_?sched.*|sched.*|scaler|grad_scaler|rng.*|train_state|dataloader|callbacks|loops|ema|ema_.*|.*_ema(?:_.*)?|amp|amp_.*|trainer.*)$/i;

/** Whether a key leads to what training needs beside the weights. */
export function isTrainingKey(key: string): boolean {
  return trainingKey.test(key);
}

/** Values that are looked at, one after the other. */
const maxLooks = 4_000_000;
/** Dictionaries that share each other name more tensors than there are. */
const maxTensors = 1_000_000;
const maxDepth = 48;

/** A saved thing whose tensors cannot be named, as a clause. */
export class StateDictRefusal extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(problem);
  }
}

type Entry = readonly [key: string, value: PickleValue];

/**
 * Finds the tensors of a model in what was saved: the dictionary itself, one of the usual keys in it, or dictionaries in dictionaries,
 * whose keys are then joined by dots.
 * @param part keys to follow instead, joined by dots: `ema`
 * @throws StateDictRefusal
 */
export function findStateDict(root: PickleValue, part: string | null): StateDict {
  const looks = new Looks();
  if (isTensor(root)) return { tensors: new Map([['tensor', root]]), path: [], others: [], opaque: [], module: null };
  const start = part === null ? { value: root, path: [] } : { value: follow(root, part), path: [part] };
  const { value, path, others } = enter(start.value, start.path, looks);
  const isKept = ([key, child]: Entry): boolean => part !== null || isTensor(child) || !trainingKey.test(key);
  const children = childrenOf(value);
  const kept = children.filter(isKept);
  const rest = children.filter((child) => !isKept(child));
  if (kept.reduce((sum, [, child]) => sum + looks.countTensors(child), 0) > maxTensors) throw tooMany();
  const tensors = new Map<string, PickleValue>();
  const opaque: string[] = [];
  for (const entry of kept) collect(entry, '', 0, { looks, tensors, opaque });
  return { tensors, path, others: [...others, ...counted(rest, looks)], opaque, module: moduleName(value) };
}

function follow(root: PickleValue, part: string): PickleValue {
  let value = root;
  for (let rest = part; rest !== '';) {
    const found = childrenOf(value).find(([key]) => rest === key || rest.startsWith(`${key}.`));
    if (found === undefined)
      throw new StateDictRefusal(
        `it holds nothing called ${part}`,
        `Name one of these: ${childrenOf(root)
          .map(([key]) => key)
          .slice(0, 8)
          .join(', ')}.`,
      );
    value = found[1];
    rest = rest.slice(found[0].length + 1);
  }
  return value;
}

interface Entered {
  readonly value: PickleValue;
  readonly path: readonly string[];
  readonly others: readonly (readonly [string, number])[];
}

/** Goes into the usual keys, one in the other; where there are none, into the only dictionary that holds tensors. */
function enter(value: PickleValue, path: readonly string[], looks: Looks, others: Entered['others'] = []): Entered {
  if (path.length > maxDepth) throw tooDeep();
  const children = childrenOf(value);
  const named = weightKeys.flatMap((key) => children.filter(([name, child]) => name === key && looks.holdsTensors(child)));
  const holding = children.filter(([key, child]) => !trainingKey.test(key) && looks.holdsTensors(child));
  const [first] = named.length > 0 ? named : path.length === 0 && holding.length === 1 ? holding : [];
  if (first === undefined || isTensor(first[1]) || moduleName(value) !== null) return { value, path, others };
  const rest = counted(
    children.filter((child) => child !== first),
    looks,
  );
  return enter(first[1], [...path, first[0]], looks, [
    ...others,
    ...rest.map(([key, count]) => [[...path, key].join('.'), count] as const),
  ]);
}

function counted(entries: readonly Entry[], looks: Looks): (readonly [string, number])[] {
  return entries.map(([key, value]) => [key, looks.countTensors(value)] as const).filter(([, count]) => count > 0);
}

/** Keys and values of a dictionary, a list or a module; empty for everything else. */
function childrenOf(value: PickleValue): readonly Entry[] {
  const entries = entriesOf(value);
  if (entries !== null) return lastOfEach(entries);
  const items = itemsOf(value);
  if (items !== null) return items.map((item, i) => [String(i), item] as const);
  return moduleChildren(value);
}

function lastOfEach(entries: readonly (readonly [PickleValue, PickleValue])[]): Entry[] {
  const named = new Map<string, PickleValue>();
  for (const [key, value] of entries) if (typeof key === 'string' || typeof key === 'number') named.set(String(key), value);
  return [...named];
}

/** What `Module.state_dict` would give of a module that was saved whole. Source: `torch/nn/modules/module.py`. */
function moduleChildren(value: PickleValue): readonly Entry[] {
  if (moduleName(value) === null) return [];
  const { state } = value as { readonly state: PickleValue | undefined };
  const unsaved = valueOf(state, '_non_persistent_buffers_set');
  const hidden = new Set(isObject(unsaved) && unsaved.kind !== 'persistent' && 'items' in unsaved ? unsaved.items : []);
  const of = (field: string): readonly Entry[] => lastOfEach(entriesOf(valueOf(state, field)) ?? []).filter(([, child]) => child !== null);
  return [...of('_parameters'), ...of('_buffers').filter(([name]) => !hidden.has(name)), ...of('_modules')];
}

/** The class of an object that has parameters and modules in it. */
function moduleName(value: PickleValue): string | null {
  if (!isObject(value) || value.kind !== 'call') return null;
  return entriesOf(valueOf(value.state, '_modules')) === null || entriesOf(valueOf(value.state, '_parameters')) === null
    ? null
    : calleeName(value);
}

interface Collected {
  readonly looks: Looks;
  readonly tensors: Map<string, PickleValue>;
  readonly opaque: string[];
}

function collect([key, value]: Entry, prefix: string, depth: number, into: Collected): void {
  const name = prefix + key;
  if (depth > maxDepth) throw tooDeep();
  into.looks.look();
  if (isTensor(value)) {
    into.tensors.set(name, value);
    return;
  }
  const children = into.looks.holdsTensors(value) ? childrenOf(value) : [];
  if (children.length === 0) {
    if (into.looks.hidesTensors(value)) throw hidden(name, value);
    into.opaque.push(name);
  }
  for (const child of children) collect(child, `${name}.`, depth + 1, into);
}

function hidden(name: string, value: PickleValue): StateDictRefusal {
  const problem = `${JSON.stringify(name.slice(0, 120))} is an object of ${calleeName(value) ?? 'an unknown class'}, with tensors in it that are not read`;
  return new StateDictRefusal(problem, 'Save a plain dictionary of tensors (model.state_dict()).');
}

function tooDeep(): StateDictRefusal {
  return new StateDictRefusal(
    `its dictionaries lie more than ${maxDepth} deep in each other`,
    'No library writes such a file: do not trust it.',
  );
}

function tooMany(): StateDictRefusal {
  return new StateDictRefusal('it names more tensors than any model has', 'No library writes such a file: do not trust it.');
}

/** Looks into values, each once, and not for ever. */
class Looks {
  #left = maxLooks;
  readonly #counts = new Map<object, number>();

  look(): void {
    if (--this.#left < 0) throw tooMany();
  }

  holdsTensors(value: PickleValue): boolean {
    return this.countTensors(value) > 0;
  }

  /** Whether there are tensors in an object of an unknown class: in its arguments, its state, or what it was given. */
  hidesTensors(value: PickleValue): boolean {
    const seen = new Set<PickleValue>();
    const waiting = [value];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (!isObject(next) || seen.has(next)) continue;
      if (isTensor(next)) return true;
      seen.add(next);
      for (const inner of innerValues(next)) {
        this.look();
        waiting.push(inner);
      }
    }
    return false;
  }

  /** How many tensors there are below a value; one that holds itself counts itself as none. */
  countTensors(value: PickleValue, depth = 0): number {
    if (!isObject(value) || depth > maxDepth) return 0;
    if (isTensor(value)) return 1;
    const known = this.#counts.get(value);
    if (known !== undefined) return known;
    this.#counts.set(value, 0);
    let count = 0;
    for (const [, child] of childrenOf(value)) {
      this.look();
      count += this.countTensors(child, depth + 1);
    }
    this.#counts.set(value, count);
    return count;
  }
}
