import type { Finding } from '../../checkpoint/index.js';
import { nameList } from '../../base/nameList.js';
import { plural } from '../../base/format.js';

/** Why a tensor cannot be combined. */
export interface Mismatch {
  readonly tensor: string;
  readonly kind: 'missing' | 'shape' | 'dtype';
  /** As a clause: `base-1 lacks it`, `finetuned has [4, 8], target [4, 16]`. */
  readonly reason: string;
}

const says = {
  missing: { code: 'tensor-missing', text: 'not in every version' },
  shape: { code: 'tensor-shape', text: 'of another shape' },
  dtype: { code: 'tensor-dtype', text: 'not stored as floating-point values in every version' },
} as const;

const remedy = "Choose versions of one architecture, or skip mismatched tensors to keep the target's.";

/** One refusal for each kind of mismatch. */
export function mismatchRefusals(mismatches: readonly Mismatch[]): Finding[] {
  return (['missing', 'shape', 'dtype'] as const).flatMap((kind) => {
    const found = mismatches.filter((mismatch) => mismatch.kind === kind);
    const [first] = found;
    if (first === undefined) return [];
    const message = `${plural(found.length, 'tensor')} ${says[kind].text}: ${nameList(found.map(({ tensor }) => tensor))} (${first.reason}). ${remedy}`;
    return [{ severity: 'error', code: says[kind].code, message, tensor: first.tensor }];
  });
}
