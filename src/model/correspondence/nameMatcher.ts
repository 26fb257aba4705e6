import { applyPrefixMap, layerOf, proposePrefixMap, unwrapName, type PrefixRule } from '../names/index.js';
import { canonicalName, type ShapeByName } from './canonicalName.js';
import type { Matchable, NameRules, Tie } from './correspondence.js';
import { applyMapRules, formatMapRule, type MapRule } from './mapRules.js';

/** One of a model with the names that it may be known by. */
export interface Named<Item extends Matchable> {
  readonly item: Item;
  /** By the user's rule where one fits, else as stored. */
  readonly name: string;
  readonly rule: MapRule | null;
  readonly unwrapped: string;
  readonly wrappers: readonly string[];
  readonly canonical: string;
  readonly schemes: readonly string[];
}

/** Two that have the same name in some sense. */
export interface NamePair<Item extends Matchable> {
  readonly a: Item;
  readonly b: Item;
  readonly reason: string;
  /** Null where both have one and the same name as stored. */
  readonly named: { readonly a: Named<Item>; readonly b: Named<Item> } | null;
}

type NameLevel = 'name' | 'unwrapped' | 'canonical';

/** Matches one by one by name, from the names as stored to the most general ones. */
export class NameMatcher<Item extends Matchable> {
  readonly pairs: NamePair<Item>[] = [];
  readonly ties: Tie[] = [];
  readonly usedPrefixes = new Set<PrefixRule>();
  readonly unusedRules: readonly MapRule[];
  /** Those without a counterpart, in their order. */
  looseA: Named<Item>[];
  looseB: Named<Item>[];
  #prefixes: readonly PrefixRule[];

  constructor(
    a: readonly Item[],
    b: readonly Item[],
    private readonly rules: NameRules,
    private readonly accepts: (a: Item, b: Item) => boolean,
  ) {
    const renamed = applyMapRules(
      b.map(({ name }) => name),
      rules.map,
    );
    this.unusedRules = renamed.unused;
    this.#prefixes = rules.prefixMap ?? [];
    const looseA = this.#matchStored(a, b, renamed.names);
    const shapes = shapesOf(b);
    this.looseB = b.filter((item) => !this.#isTaken.has(item)).map((item) => nameOf(item, renamed.names.get(item.name), shapes));
    const shapesA = shapesOf(a);
    this.looseA = looseA.map((item) => nameOf(item, undefined, shapesA));
    this.#matchNames('name');
    this.#matchPrefixed('name', false);
    this.#matchNames('unwrapped');
    this.#matchPrefixed('unwrapped', true);
    if (![...this.looseA, ...this.looseB].some(({ canonical, unwrapped }) => canonical !== unwrapped)) return;
    this.#matchNames('canonical');
    this.#matchPrefixed('canonical', true);
    if (this.#prefixes.length === 0 && this.rules.prefixMap === null) {
      this.#prefixes = this.#proposeForParts();
      this.#matchPrefixed('canonical', false);
    }
    this.#matchOutside();
  }

  readonly #isTaken = new Set<Item>();

  /** Rules of the user's that matched nothing. */
  get unusedPrefixes(): readonly PrefixRule[] {
    return (this.rules.prefixMap ?? []).filter((rule) => !this.usedPrefixes.has(rule));
  }

  /** The prefix rules in force, given or proposed. */
  get prefixes(): readonly PrefixRule[] {
    return this.#prefixes;
  }

  /** Equal names as stored. @returns those of A that are left */
  #matchStored(a: readonly Item[], b: readonly Item[], renamed: ReadonlyMap<string, unknown>): Item[] {
    const byName = new Map(b.flatMap((item) => (renamed.has(item.name) ? [] : [[item.name, item] as const])));
    return a.filter((item) => {
      const other = byName.get(item.name);
      if (other === undefined) return true;
      this.#isTaken.add(other);
      this.pairs.push({ a: item, b: other, reason: equalName, named: null });
      return false;
    });
  }

  #matchNames(level: NameLevel): void {
    this.#matchKeys(level, null);
  }

  /** By the prefix rules that are given; where none are, by those that names show. */
  #matchPrefixed(level: NameLevel, proposes: boolean): void {
    if (proposes && this.rules.prefixMap === null && this.looseA.length > 0 && this.looseB.length > 0) {
      const proposed = proposePrefixMap(this.looseA.map(shapeAt(level)), this.looseB.map(shapeAt(level)));
      const isNew = ({ from, to }: PrefixRule) => !this.#prefixes.some((rule) => rule.from === from && rule.to === to);
      this.#prefixes = [...this.#prefixes, ...proposed.filter(isNew)];
    }
    if (this.#prefixes.length > 0) this.#matchKeys(level, this.#prefixes);
  }

  /** Where hardly a tensor is whole on both sides, fused weights and their parts tell which prefixes belong together. */
  #proposeForParts(): readonly PrefixRule[] {
    if (this.looseA.length === 0 || this.looseB.length === 0) return [];
    const coarse = ({ canonical }: Named<Item>) => ({ name: withoutParts(canonical), shape: [] });
    return proposePrefixMap(this.looseA.map(coarse), this.looseB.map(coarse));
  }

  /** Embedding, last norm and head, whatever stands before their names, where each side has one left. */
  #matchOutside(): void {
    for (const role of outsideRoles) {
      const [own, ...owns] = this.looseA.filter(({ canonical }) => isRole(canonical, role));
      const [other, ...others] = this.looseB.filter(({ canonical }) => isRole(canonical, role));
      if (own === undefined || other === undefined || owns.length + others.length > 0 || !this.accepts(own.item, other.item)) continue;
      this.#pair(own, other, 'canonical', null);
      this.looseA = this.looseA.filter((named) => named !== own);
      this.looseB = this.looseB.filter((named) => named !== other);
    }
  }

  #matchKeys(level: NameLevel, prefixes: readonly PrefixRule[] | null): void {
    if (this.looseA.length === 0 || this.looseB.length === 0) return;
    const byKey = new Map<string, Named<Item>[]>();
    for (const named of this.looseA) push(byKey, named[level], named);
    const candidates = new Map<string, Named<Item>[]>();
    for (const named of this.looseB) {
      const key = mappedNames(named[level], prefixes).find((name) => byKey.has(name));
      if (key !== undefined) push(candidates, key, named);
    }
    const matched = new Set<Named<Item>>();
    for (const [key, others] of candidates) {
      const [own, other] = [preferred(byKey.get(key)!), preferred(others)];
      if (own === null || other === null) this.ties.push({ a: byKey.get(key)!.map(storedName), b: others.map(storedName) });
      else if (level !== 'canonical' || this.accepts(own.item, other.item)) {
        this.#pair(own, other, level, prefixes);
        matched.add(own).add(other);
      }
    }
    this.looseA = this.looseA.filter((named) => !matched.has(named));
    this.looseB = this.looseB.filter((named) => !matched.has(named));
  }

  #pair(a: Named<Item>, b: Named<Item>, level: NameLevel, prefixes: readonly PrefixRule[] | null): void {
    const prefix =
      prefixes?.find((rule) => rule.to + b[level].slice(rule.from.length) === a[level] && b[level].startsWith(rule.from)) ?? null;
    if (prefix !== null) this.usedPrefixes.add(prefix);
    this.pairs.push({ a: a.item, b: b.item, reason: nameReason(a, b, level, prefix), named: { a, b } });
  }
}

/** One name for a fused weight and its parts, and for all experts. */
function withoutParts(name: string): string {
  return name
    .replace(/(?<=^|\.)experts\.\d+\./, 'experts.')
    .replace(/(?<=^|\.)(?:q|k|v|qkv)_proj(?=\.)/, 'qkv_proj')
    .replace(/(?<=^|\.)(?:gate|up|gate_up)_proj(?=\.)/, 'gate_up_proj');
}

const outsideRoles = ['embed_tokens.weight', 'norm.weight', 'norm.bias', 'lm_head.weight'];

function isRole(canonical: string, role: string): boolean {
  return (canonical === role || canonical.endsWith(`.${role}`)) && layerOf(canonical).layerIndex === null;
}

export const equalName = 'equal name';

/** Why two names are one, as clauses. */
export function nameReason<Item extends Matchable>(a: Named<Item>, b: Named<Item>, level: NameLevel, prefix: PrefixRule | null): string {
  const wrappers = level === 'name' ? [] : [...new Set([...a.wrappers, ...b.wrappers])];
  const schemes = level === 'canonical' ? [...new Set([...a.schemes, ...b.schemes])] : [];
  const clauses = [
    ...(b.rule === null ? [] : [`your rule ${formatMapRule(b.rule)}`]),
    ...(wrappers.length === 0 ? [] : [`wrapper removed: ${wrappers.join(', ')}`]),
    ...(schemes.length === 0 ? [] : [`renamed by scheme ${schemes.join(', ')}`]),
    ...(prefix === null || prefix.from === prefix.to ? [] : [describePrefix(prefix)]),
  ];
  return clauses.length === 0 ? equalName : clauses.join('; ');
}

/** What a name may be called in A: itself without rules, else by each rule that fits. */
export function mappedNames(name: string, prefixes: readonly PrefixRule[] | null): readonly string[] {
  return prefixes === null ? [name] : prefixes.flatMap((rule) => (name.startsWith(rule.from) ? [applyPrefixMap(name, [rule])] : []));
}

function describePrefix({ from, to }: PrefixRule): string {
  if (from === '') return `prefix ${to} added`;
  return to === '' ? `prefix ${from} removed` : `prefix ${from} is ${to}`;
}

function shapesOf(items: readonly Matchable[]): ShapeByName {
  let shapes: ReadonlyMap<string, readonly number[] | null> | null = null;
  return (name) => {
    shapes ??= new Map(items.map((item) => [unwrapName(item.name).name, item.shape]));
    return shapes.get(name) ?? undefined;
  };
}

function nameOf<Item extends Matchable>(
  item: Item,
  renamed: { readonly name: string; readonly rule: MapRule } | undefined,
  shapes: ShapeByName,
): Named<Item> {
  const name = renamed?.name ?? item.name;
  const { name: unwrapped, wrappers } = unwrapName(name);
  const { name: canonical, schemes } = canonicalName(unwrapped, shapes);
  return { item, name, rule: renamed?.rule ?? null, unwrapped, wrappers, canonical, schemes };
}

function shapeAt(level: NameLevel) {
  return <Item extends Matchable>(named: Named<Item>) => ({ name: named[level], shape: named.item.shape });
}

/** The only one; of an adapter's saved module and the original that it replaces, the saved one. Null where several are equal. */
function preferred<Item extends Matchable>(candidates: readonly Named<Item>[]): Named<Item> | null {
  if (candidates.length === 1) return candidates[0]!;
  const inUse = candidates.filter(({ wrappers }) => !wrappers.includes('original_module'));
  return inUse.length === 1 ? inUse[0]! : null;
}

function storedName<Item extends Matchable>({ item }: Named<Item>): string {
  return item.name;
}

function push<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
