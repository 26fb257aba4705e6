import { compilePattern } from '../../../model/names/index.js';

/** More patterns than this are no advice: the models differ throughout. */
const maxPatterns = 4;

/**
 * Few patterns that fit all of some names and none of others, as short as possible: `vision_tower.*`. Numbers become `*` where all
 * layers are meant; a name stands for itself where nothing shorter tells it from others.
 * @returns empty where there are no few such patterns
 */
export function narrowPatterns(names: readonly string[], others: readonly string[]): readonly string[] {
  const otherForms = [...new Set(others.map(formOf))].map((form) => form.split('.'));
  const patterns = new Set<string>();
  for (const name of names) {
    patterns.add(shortestPattern(formOf(name).split('.'), otherForms) ?? name);
    if (patterns.size > maxPatterns) return [];
  }
  return fitsNone([...patterns], others) ? [...patterns] : [];
}

/** A name with every number as `*`. */
function formOf(name: string): string {
  return name.replaceAll(/(?<=^|\.)\d+(?=\.|$)/g, '*');
}

/** Null where another name has the same form. */
function shortestPattern(form: readonly string[], others: readonly (readonly string[])[]): string | null {
  for (let length = 1; length <= form.length; length++) {
    const starts = form.slice(0, length);
    const isTaken = others.some((other) => starts.every((segment, index) => segment === other[index]));
    if (!isTaken) return `${starts.join('.')}${length < form.length ? '.*' : ''}`;
  }
  return null;
}

/** Names of strangers may hold characters that mean something in a pattern. */
function fitsNone(patterns: readonly string[], others: readonly string[]): boolean {
  try {
    const fits = patterns.map((pattern) => compilePattern(pattern));
    return others.every((name) => !fits.some((fitsName) => fitsName(name)));
  } catch {
    return false;
  }
}
