import { basename, relative, sep } from 'node:path';

/**
 * Whether a folder below `root` matches one of the patterns. `*` and `?` stay within a name, `**` crosses folders. A
 * pattern without a slash is matched with the folder's own name, any other with its path below `root`.
 */
export function folderMatcher(root: string, patterns: readonly string[]): (folder: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const expression = globExpression(pattern.replace(/\/+$/, ''));
    const isName = !pattern.replace(/\/+$/, '').includes('/');
    return (folder: string): boolean => expression.test(isName ? basename(folder) : relative(root, folder).split(sep).join('/'));
  });
  return (folder) => matchers.some((matches) => matches(folder));
}

/** An expression for `*` and `?` within a name, and `**` across folders. */
export function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
