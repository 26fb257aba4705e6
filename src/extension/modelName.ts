import { basename, dirname } from 'node:path';

/** Short name of a model for titles: the folder's, or the file's without its extension. */
export function modelName(path: string): string {
  return basename(path, '.safetensors');
}

/** Short names of models that are shown together, in their order: with folders before those that are called alike. */
export function distinctNames(paths: readonly string[]): string[] {
  const isAlike = (one: string, other: string, depth: number): boolean => one !== other && nameOf(one, depth) === nameOf(other, depth);
  return paths.map((path) => {
    let depth = 0;
    while (nameOf(path, depth + 1) !== nameOf(path, depth) && paths.some((other) => isAlike(path, other, depth))) depth++;
    return nameOf(path, depth);
  });
}

/** The name with so many folders before it. */
function nameOf(path: string, depth: number): string {
  const folder = dirname(path);
  const isRoot = depth === 0 || folder === path || basename(folder) === '';
  return isRoot ? modelName(path) : `${nameOf(folder, depth - 1)}/${modelName(path)}`;
}
