import { applyPrefixMap, type PrefixRule } from './prefixMap.js';

/** What has a name of A and its counterpart in B. One of them may be missing, never both. */
export type TensorPair<Named> =
  { readonly a: Named; readonly b: Named } | { readonly a: Named; readonly b: null } | { readonly a: null; readonly b: Named };

/**
 * Pairs tensors by name: exact names first, then B's names through the prefix map. No tensor is in two pairs.
 * @returns pairs in the order of A's tensors, then those only in B
 */
export function matchTensors<Named extends { readonly name: string }>(
  a: readonly Named[],
  b: readonly Named[],
  prefixMap: readonly PrefixRule[],
): TensorPair<Named>[] {
  const looseB = new Map(b.map((tensor) => [tensor.name, tensor]));
  const partners = new Map<string, Named>();
  for (const { name } of a) take(looseB, name, name, partners);
  const namesA = new Set(a.map(({ name }) => name));
  for (const nameB of [...looseB.keys()]) {
    const nameA = applyPrefixMap(nameB, prefixMap);
    if (namesA.has(nameA)) take(looseB, nameB, nameA, partners);
  }
  const pairs = a.map((tensor): TensorPair<Named> => {
    const partner = partners.get(tensor.name);
    return partner === undefined ? { a: tensor, b: null } : { a: tensor, b: partner };
  });
  return [...pairs, ...[...looseB.values()].map((tensor): TensorPair<Named> => ({ a: null, b: tensor }))];
}

function take<Named>(looseB: Map<string, Named>, nameB: string, nameA: string, partners: Map<string, Named>): void {
  const tensor = looseB.get(nameB);
  if (!tensor || partners.has(nameA)) return;
  partners.set(nameA, tensor);
  looseB.delete(nameB);
}
