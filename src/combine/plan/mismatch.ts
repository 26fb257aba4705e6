/** Why a tensor of the template cannot be combined. */
export interface Mismatch {
  readonly tensor: string;
  readonly kind: 'missing' | 'shape' | 'dtype';
  /** Role of the input that lacks it or has it otherwise. */
  readonly role: string;
  /** As a clause: `base-1 lacks it`, `[4, 8] in finetuned, [4, 16] in target`. */
  readonly reason: string;
}
