/** The module that holds a tensor: its name up to the last dot, empty at the root. */
export function moduleOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

/** The last segment of a name. */
export function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The name of a module's member. */
export function memberOf(module: string, leaf: string): string {
  return module === '' ? leaf : `${module}.${leaf}`;
}
