import { isRecord } from '../../base/json/record.js';

/**
 * The library splits text into words a little otherwise than the Rust one does: JavaScript's notion of white space and
 * digits, Metaspace without splitting. Its `Split` follows the Rust one's regular expressions; so the others are said with it.
 */

export type Component = Readonly<Record<string, unknown>>;

const gpt2Words = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** A `tokenizer.json` whose words the library finds where the Rust one finds them. */
export function withFaithfulSplits(tokenizer: Component): Component {
  const words = componentsOf(tokenizer['pre_tokenizer'], 'pretokenizers').flatMap(faithful);
  const all = [...words, ...cutsWithoutEffect(tokenizer['model'])];
  return { ...tokenizer, pre_tokenizer: all.length === 0 ? null : { type: 'Sequence', pretokenizers: all } };
}

/** A component and, where it is a sequence, those in it, flat. `key` is the name of a sequence's list. */
export function componentsOf(component: unknown, key: string): Component[] {
  if (!isRecord(component)) return [];
  const list = component[key];
  return component['type'] === 'Sequence' && Array.isArray(list) ? list.flatMap((entry) => componentsOf(entry, key)) : [component];
}

function faithful(component: Component): Component[] {
  switch (component['type']) {
    case 'ByteLevel':
      return byteLevel(component);
    case 'Metaspace':
      return metaspace(component);
    case 'WhitespaceSplit':
      return [split(String.raw`\s+`, 'Removed')];
    case 'Whitespace':
      return [pieces(String.raw`\w+|[^\w\s]+`)];
    case 'Digits':
      return [split(component['individual_digits'] === true ? String.raw`\p{N}` : String.raw`\p{N}+`, 'Isolated')];
    case 'Split':
      return [merging(component)];
    default:
      return [component];
  }
}

function byteLevel(component: Component): Component[] {
  if (component['use_regex'] === false) return [component];
  const prefix = { type: 'Metaspace', replacement: ' ', prepend_scheme: 'always' };
  const bytes = { ...component, add_prefix_space: false, use_regex: false };
  return [...(component['add_prefix_space'] === false ? [] : [prefix]), split(gpt2Words, 'Isolated'), bytes];
}

function metaspace(component: Component): Component[] {
  const scheme = component['prepend_scheme'] ?? (component['add_prefix_space'] === false ? 'never' : 'always');
  const spaces = { ...component, prepend_scheme: scheme };
  const mark = escaped(component['replacement']);
  return component['split'] === false ? [spaces] : [spaces, pieces(`${mark}[^${mark}]*|[^${mark}]+`)];
}

/** The library leaves a match alone where it should join its neighbour. */
function merging(component: Component): Component {
  const pattern = patternOf(component['pattern']);
  if (pattern === null || component['invert'] === true) return component;
  const other = `(?:(?!${pattern})[\\s\\S])`;
  if (component['behavior'] === 'MergedWithPrevious') return pieces(`${other}*${pattern}|[\\s\\S]+`);
  if (component['behavior'] === 'MergedWithNext') return pieces(`${pattern}${other}*|${other}+`);
  return component;
}

function patternOf(pattern: unknown): string | null {
  if (!isRecord(pattern)) return null;
  const { String: literal, Regex: regex } = pattern;
  if (typeof literal === 'string') return `(?:${Array.from(literal, escaped).join('')})`;
  return typeof regex === 'string' ? `(?:${regex})` : null;
}

/**
 * Cuts before runs of `▁` that change no token, since no merge reaches across them. Without them BPE takes a whole text
 * for one word, which is slow, and its cache is of no use.
 */
function cutsWithoutEffect(model: unknown): Component[] {
  if (!isRecord(model) || model['type'] !== 'BPE' || model['ignore_merges'] === true || !Array.isArray(model['merges'])) return [];
  const products = model['merges'].map((merge: unknown) => (Array.isArray(merge) ? merge.join('') : String(merge).replace(' ', '')));
  const isSafe = products.some((product) => product.startsWith('▁')) && !products.some((product) => /[^▁]▁/.test(product));
  return isSafe ? [pieces('▁+[^▁]*|[^▁]+')] : [];
}

function split(regex: string, behavior: 'Removed' | 'Isolated'): Component {
  return { type: 'Split', pattern: { Regex: regex }, behavior, invert: false };
}

/** The matches are the words. */
function pieces(regex: string): Component {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Removed', invert: true };
}

function escaped(character: unknown): string {
  const text = typeof character === 'string' ? character : '▁';
  return `\\x{${text.codePointAt(0)!.toString(16)}}`;
}
