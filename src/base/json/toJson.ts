/** What stands for the numbers that JSON cannot write. */
export const nonFiniteNames: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** Data as JSON; NaN and the infinities become the strings "NaN", "Infinity" and "-Infinity". `number` reads them back. */
export function toJson(data: object, indent?: number): string {
  const replace = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
  return JSON.stringify(data, replace, indent);
}
