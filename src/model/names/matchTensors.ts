import type { Tensor } from '../../checkpoint/index.js';
import { applyPrefixMap, type PrefixRule } from './prefixMap.js';

/** A tensor of A and its counterpart in B. One of them may be missing, never both. */
export type TensorPair =
  { readonly a: Tensor; readonly b: Tensor } | { readonly a: Tensor; readonly b: null } | { readonly a: null; readonly b: Tensor };

/**
 * Pairs tensors by name: exact names first, then B's names through the prefix map. No tensor is in two pairs.
 * @returns pairs in the order of A's tensors, then those only in B
 */
export function matchTensors(a: readonly Tensor[], b: readonly Tensor[], prefixMap: readonly PrefixRule[]): TensorPair[] {
  const looseB = new Map(b.map((tensor) => [tensor.name, tensor]));
  const partners = new Map<string, Tensor>();
  for (const { name } of a) take(looseB, name, name, partners);
  const namesA = new Set(a.map(({ name }) => name));
  for (const nameB of [...looseB.keys()]) {
    const nameA = applyPrefixMap(nameB, prefixMap);
    if (namesA.has(nameA)) take(looseB, nameB, nameA, partners);
  }
  const pairs = a.map((tensor): TensorPair => ({ a: tensor, b: partners.get(tensor.name) ?? null }));
  return [...pairs, ...[...looseB.values()].map((tensor): TensorPair => ({ a: null, b: tensor }))];
}

function take(looseB: Map<string, Tensor>, nameB: string, nameA: string, partners: Map<string, Tensor>): void {
  const tensor = looseB.get(nameB);
  if (!tensor || partners.has(nameA)) return;
  partners.set(nameA, tensor);
  looseB.delete(nameB);
}
