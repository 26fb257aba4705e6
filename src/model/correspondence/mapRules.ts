import type { Captures } from '../../base/textPattern.js';
import { compileCaptures } from '../names/index.js';

/** A rule of the user's: names that fit the pattern are taken for what the replacement says. */
export interface MapRule {
  /** As `--include` has them: `*` any text, `?` one character, `{0..11}`, `{q,k,v}`. Each of these is a capture. */
  readonly pattern: string;
  /** `$1` is the first capture, `$$` a dollar sign. */
  readonly replacement: string;
}

/** A rule that cannot be meant. */
export class MapRuleError extends Error {
  override readonly name = 'MapRuleError';
}

/** `PATTERN=REPLACEMENT`, cut at the first `=`. @throws MapRuleError, PatternError */
export function parseMapRule(text: string): MapRule {
  const at = text.indexOf('=');
  if (at < 1) throw new MapRuleError(`A rule for names is written PATTERN=REPLACEMENT, but got "${text}".`);
  const rule = { pattern: text.slice(0, at), replacement: text.slice(at + 1) };
  compileRule(rule);
  return rule;
}

export function formatMapRule({ pattern, replacement }: MapRule): string {
  return `${pattern}=${replacement}`;
}

/** A name in the other scheme, or null where the rule does not fit it. */
export type Renaming = (name: string) => string | null;

/** @throws MapRuleError where the replacement names a capture that the pattern does not have; PatternError */
export function compileRule(rule: MapRule): Renaming {
  const captures = compileCaptures(rule.pattern);
  const pieces = readReplacement(rule, captures);
  return (name) => {
    const found = captures.match(name);
    return found && pieces.map((piece) => (typeof piece === 'string' ? piece : found[piece]!)).join('');
  };
}

/** Texts, and numbers of captures from 0. */
function readReplacement(rule: MapRule, { count }: Captures): (string | number)[] {
  return rule.replacement.split(/(\$\$|\$\d+)/).map((piece) => {
    if (piece === '$$') return '$';
    if (!/^\$\d+$/.test(piece)) return piece;
    const number = Number(piece.slice(1));
    if (number < 1 || number > count) {
      const has =
        count === 0 ? 'no capture: * ? and braces are captures' : count === 1 ? 'one capture, $1' : `${count} captures, $1 to $${count}`;
      throw new MapRuleError(`The rule "${formatMapRule(rule)}" uses ${piece}, but its pattern has ${has}.`);
    }
    return number - 1;
  });
}

/** Names by the first rule that fits each. */
export interface RenamedNames {
  /** By the name; absent where no rule fits. */
  readonly names: ReadonlyMap<string, { readonly name: string; readonly rule: MapRule }>;
  readonly unused: readonly MapRule[];
}

/** @throws MapRuleError where two names become one, and as `compileRule` */
export function applyMapRules(names: readonly string[], rules: readonly MapRule[]): RenamedNames {
  const compiled = rules.map((rule) => ({ rule, rename: compileRule(rule) }));
  const renamed = new Map<string, { name: string; rule: MapRule }>();
  const origin = new Map<string, string>();
  const used = new Set<MapRule>();
  for (const from of compiled.length === 0 ? [] : names) {
    for (const { rule, rename } of compiled) {
      const name = rename(from);
      if (name === null) continue;
      const other = origin.get(name);
      if (other !== undefined)
        throw new MapRuleError(
          `The rule "${formatMapRule(rule)}" gives two tensors one name: "${other}" and "${from}" both become "${name}". Use more captures ($1, $2 …) in the replacement.`,
        );
      origin.set(name, from);
      renamed.set(from, { name, rule });
      used.add(rule);
      break;
    }
  }
  return { names: renamed, unused: rules.filter((rule) => !used.has(rule)) };
}
