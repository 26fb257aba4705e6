/**
 * Modification time in milliseconds, from the nanoseconds of a `bigint` stat. The one way to ask for it: `mtimeMs` of
 * a plain stat differs from this in its last bits, and a file is told from its successor by equality.
 */
export function modifiedAtOf({ mtimeNs }: { readonly mtimeNs: bigint }): number {
  return Number(mtimeNs) / 1e6;
}
