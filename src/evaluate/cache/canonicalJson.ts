/** What can be part of a key: plain data without `undefined`. Numbers are finite. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [name: string]: Fact };

/** JSON that is the same for equal facts: members in the order of their names. @throws RangeError for a NaN or an infinity */
export function canonicalJson(fact: Fact): string {
  return JSON.stringify(fact, (_, value: Fact) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`internal: ${value} cannot be part of a key`);
    return isMap(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  });
}

function isMap(value: Fact): value is { readonly [name: string]: Fact } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
