import { resolve, sep } from 'node:path';

/**
 * Short names for files and folders that are shown together, in their order: the short name of each where it tells it from the
 * others, else its whole name, else that with as many folders before it as it takes. One path twice has one name.
 */
export function distinctNames(paths: readonly string[], shortName: (path: string) => string): string[] {
  const spellings = new Map(paths.map((path) => [resolve(path), spellingsOf(resolve(path), shortName)]));
  return paths.map((path) => {
    const own = spellings.get(resolve(path))!;
    const others = [...spellings.values()].filter((other) => other !== own);
    return own.find((name, level) => others.every((other) => other[level] !== name)) ?? path;
  });
}

/** From the shortest to the whole path. */
function spellingsOf(path: string, shortName: (path: string) => string): string[] {
  const parts = path.split(sep);
  const tails = parts.map((_, i) => parts.slice(parts.length - 1 - i).join('/'));
  return [shortName(path) || path, ...tails];
}
