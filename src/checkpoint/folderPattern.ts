import { basename, relative, sep } from 'node:path';
import { textMatcher, type PatternPart } from '../base/textPattern.js';

/**
 * Whether a folder below `root` matches one of the patterns. `*` and `?` stay within a name, `**` crosses folders. A
 * pattern without a slash is matched with the folder's own name, any other with its path below `root`.
 */
export function folderMatcher(root: string, patterns: readonly string[]): (folder: string) => boolean {
  const matchers = patterns.map((written) => {
    const pattern = written.replace(/\/+$/, '');
    const fits = globMatcher(pattern);
    const isName = !pattern.includes('/');
    return (folder: string): boolean => fits(isName ? basename(folder) : relative(root, folder).split(sep).join('/'));
  });
  return (folder) => matchers.some((matches) => matches(folder));
}

/** Whether a text fits `*` and `?` within a name, and `**` across folders. */
export function globMatcher(pattern: string): (text: string) => boolean {
  return textMatcher(partsOf(pattern));
}

const folders: PatternPart = { kind: 'either', options: [[], [{ kind: 'many' }, { kind: 'text', text: '/' }]] };

function partsOf(pattern: string): PatternPart[] {
  return Array.from(pattern.matchAll(/\*\*\/|\*\*|\*|\?|[^*?]+/g), ([token]) => {
    if (token === '**/') return folders;
    if (token === '**') return { kind: 'many' };
    if (token === '*') return { kind: 'many', except: '/' };
    return token === '?' ? { kind: 'one', except: '/' } : { kind: 'text', text: token };
  });
}
