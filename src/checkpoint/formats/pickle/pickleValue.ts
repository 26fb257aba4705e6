/**
 * What a pickle says, as plain data. Nothing that a pickle names is ever looked up or called: where Python would call something, there
 * is a `PickleCall` that says what with which arguments, and readers decide which of these they understand.
 */
export type PickleValue = null | boolean | number | bigint | string | Uint8Array | PickleObject;

export type PickleObject = PickleSequence | PickleDict | PickleGlobal | PickleCall | PicklePersistent;

export interface PickleSequence {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly items: PickleValue[];
}

/** Entries in order; of a key that is given twice, the last one counts. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: (readonly [key: PickleValue, value: PickleValue])[];
}

/** A function or class by its name: `torch._utils` `_rebuild_tensor_v2`. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}

/** A call or a new object, with what is done to it afterwards. */
export interface PickleCall {
  readonly kind: 'call';
  readonly callee: PickleValue;
  readonly args: readonly PickleValue[];
  /** What `__setstate__` would be given; undefined where nothing is. */
  state: PickleValue | undefined;
  /** What would be appended. */
  readonly items: PickleValue[];
  /** What would be set by key. */
  readonly entries: (readonly [key: PickleValue, value: PickleValue])[];
}

/** What lies outside of the pickle: a storage of PyTorch. */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
}

/** `collections.OrderedDict`; null for what is no global. A class whose source older PyTorch files carry lies outside, too. */
export function globalName(value: PickleValue | undefined): string | null {
  if (!isObject(value)) return null;
  if (value.kind === 'global') return `${value.module}.${value.name}`;
  const [kind, type] = value.kind === 'persistent' ? (itemsOf(value.id) ?? []) : [];
  return kind === 'module' && isObject(type) && type.kind === 'global' ? globalName(type) : null;
}

/** The global that a value is a call of, and null for what is none. */
export function calleeName(value: PickleValue | undefined): string | null {
  return isObject(value) && value.kind === 'call' ? globalName(value.callee) : null;
}

export function isObject(value: PickleValue | undefined): value is PickleObject {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** Items of a tuple or list; null for other values. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | null {
  return isObject(value) && (value.kind === 'tuple' || value.kind === 'list') ? value.items : null;
}

const mappings: ReadonlySet<string | null> = new Set([
  'collections.OrderedDict',
  'collections.defaultdict',
  'builtins.dict',
  'collections.Counter',
]);

/** Entries of a dictionary of any kind, the last of each text key; null for other values. */
export function entriesOf(value: PickleValue | undefined): readonly (readonly [key: PickleValue, value: PickleValue])[] | null {
  if (!isObject(value)) return null;
  if (value.kind === 'dict') return value.entries;
  return value.kind === 'call' && mappings.has(globalName(value.callee)) ? [...initialEntries(value), ...value.entries] : null;
}

/** Protocol 0 and Python 2 give the entries of an OrderedDict as an argument: a list of pairs. */
function initialEntries({ args }: PickleCall): (readonly [PickleValue, PickleValue])[] {
  return args.flatMap((argument) => {
    if (isObject(argument) && argument.kind === 'dict') return argument.entries;
    return (itemsOf(argument) ?? []).flatMap((pair): (readonly [PickleValue, PickleValue])[] => {
      const [key, value] = itemsOf(pair) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    });
  });
}

/** The value of a text key; undefined where there is none. */
export function valueOf(value: PickleValue | undefined, key: string): PickleValue | undefined {
  return entriesOf(value)?.findLast(([name]) => name === key)?.[1];
}

/** The values that an object consists of. */
export function innerValues(value: PickleObject): readonly PickleValue[] {
  switch (value.kind) {
    case 'tuple':
    case 'list':
    case 'set':
      return value.items;
    case 'dict':
      return value.entries.flat();
    case 'call':
      return [...value.args, ...value.items, ...value.entries.flat(), value.state ?? null];
    case 'global':
    case 'persistent':
      return [];
    default:
      return value satisfies never;
  }
}
