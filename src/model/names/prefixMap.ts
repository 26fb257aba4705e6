import type { Finding } from '../../checkpoint/index.js';

/** What rules are proposed from. */
interface NamedShape {
  readonly name: string;
  /** Null when it is not known: nothing is proposed from it then. */
  readonly shape: readonly number[] | null;
}

/** A prefix of names in B and what A calls it, e.g. `language_model.model.` → `model.`. */
export interface PrefixRule {
  readonly from: string;
  readonly to: string;
}

/** How many leading name segments a proposed rule may replace. Deeper wrappers than three are not seen in practice. */
const deepestPrefix = 3;
/** A proposed rule must explain at least this many tensors; fewer is coincidence. */
const fewestMatches = 2;
const mostRules = 4;
/** A name's end that follows more prefixes than this tells nothing, and voting for each would take forever. */
const mostPrefixesPerSuffix = 8;

/** @returns the name in A's scheme of a name in B: the first rule that fits is applied once. An empty `from` fits every name. */
export function applyPrefixMap(name: string, rules: readonly PrefixRule[]): string {
  const rule = rules.find(({ from }) => name.startsWith(from));
  return rule ? rule.to + name.slice(rule.from.length) : name;
}

/** Says of a rule that nothing was matched by it; `own` has the names that it leads to, `others` those that it changes. */
export function unusedRuleFinding({ from, to }: PrefixRule, own: string, others: string): Finding {
  const message = `The prefix rule "${from}=${to}" is not applied: it turns no unmatched name of ${others} into a name of ${own}. Correct it or leave it out.`;
  return { severity: 'warning', code: 'prefix-rule-unused', message };
}

/**
 * Proposes rules that make names of B equal to names of A, for wrapped models (`language_model.model.layers…` against
 * `model.layers…`). A rule is proposed when several otherwise unmatched tensors of equal shape agree behind it.
 * A rule that adds a prefix (empty `from`) fits every name, so it is the last.
 * @returns the rules, best first; empty when names match already or nothing fits
 */
export function proposePrefixMap(a: readonly NamedShape[], b: readonly NamedShape[]): PrefixRule[] {
  if (a.length === b.length && a.every(({ name }, index) => name === b[index]!.name)) return [];
  const namesB = new Set(b.map(({ name }) => name));
  let looseA = a.filter(({ name }) => !namesB.has(name));
  const namesA = new Set(a.map(({ name }) => name));
  let looseB = b.filter(({ name }) => !namesA.has(name));
  const rules: PrefixRule[] = [];
  while (rules.length < mostRules && looseA.length > 0 && looseB.length > 0) {
    const rule = bestRule(looseA, looseB);
    if (!rule) break;
    rules.push(rule);
    const mapped = new Set(looseB.map(({ name }) => applyPrefixMap(name, [rule])));
    looseB = looseB.filter(({ name }) => !name.startsWith(rule.from));
    looseA = looseA.filter(({ name }) => !mapped.has(name));
  }
  return rules;
}

function bestRule(a: readonly NamedShape[], b: readonly NamedShape[]): PrefixRule | null {
  const prefixesBySuffix = indexBySuffix(a);
  const votes = new Map<string, { rule: PrefixRule; count: number }>();
  for (const tensor of b) {
    for (const { prefix: from, key } of splits(tensor)) {
      const prefixes = prefixesBySuffix.get(key) ?? [];
      if (prefixes.length <= mostPrefixesPerSuffix) for (const to of prefixes) vote(votes, { from, to });
    }
  }
  let best: { rule: PrefixRule; count: number } | null = null;
  for (const candidate of votes.values()) if (isBetter(candidate, best)) best = candidate;
  return best && best.count >= fewestMatches ? best.rule : null;
}

function vote(votes: Map<string, { rule: PrefixRule; count: number }>, rule: PrefixRule): void {
  if (rule.from === rule.to) return;
  const key = `${rule.from}\0${rule.to}`;
  const entry = votes.get(key) ?? { rule, count: 0 };
  entry.count++;
  votes.set(key, entry);
}

/** More matches win; among equals the shorter rule, which says less that is not needed. */
function isBetter(candidate: { rule: PrefixRule; count: number }, best: { rule: PrefixRule; count: number } | null): boolean {
  if (!best || candidate.count !== best.count) return candidate.count > (best?.count ?? 0);
  return lengthOf(candidate.rule) < lengthOf(best.rule);
}

function lengthOf(rule: PrefixRule): number {
  return rule.from.length + rule.to.length;
}

function indexBySuffix(tensors: readonly NamedShape[]): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const tensor of tensors) {
    for (const { prefix, key } of splits(tensor)) {
      const prefixes = index.get(key);
      if (prefixes) prefixes.push(prefix);
      else index.set(key, [prefix]);
    }
  }
  return index;
}

/**
 * The ways to cut a name into prefix and suffix; the key holds the shape, so that only equal shapes meet. A prefix has
 * no layer number: a rule that maps one layer to another would be wrong even where shapes agree.
 */
function splits({ name, shape }: NamedShape): { prefix: string; key: string }[] {
  if (shape === null) return [];
  const segments = name.split('.');
  const firstNumber = segments.findIndex((segment) => /^\d+$/.test(segment));
  const deepest = Math.min(deepestPrefix, segments.length - 2, firstNumber < 0 ? Infinity : firstNumber);
  return Array.from({ length: Math.max(0, deepest + 1) }, (_, depth) => ({
    prefix: segments
      .slice(0, depth)
      .map((segment) => `${segment}.`)
      .join(''),
    key: `${segments.slice(depth).join('.')}\0${shape.join('x')}`,
  }));
}
