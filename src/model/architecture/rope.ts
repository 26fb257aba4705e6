/** Rotary position embedding of one kind of layer. */
export interface Rope {
  /** Leading elements of each head that are rotated; even. */
  readonly size: number;
  /** Base of the wavelengths. */
  readonly theta: number;
  readonly scaling: RopeScaling;
}

/** How wavelengths are stretched for longer contexts. `original` is the context length of pretraining. */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly original: number;
    }
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly truncate: boolean;
      readonly original: number;
      readonly attentionFactor: number;
    }
  /** One factor for each rotated pair, `long` for sequences beyond `original`. */
  | {
      readonly kind: 'longrope';
      readonly short: readonly number[];
      readonly long: readonly number[];
      readonly original: number;
      readonly attentionFactor: number;
    };
