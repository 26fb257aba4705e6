/** Scores as plain data: numbers may be NaN or infinite where a model computed such values. */

/** Mean negative log-likelihood over windows of running text, or over completions. */
export interface LossScore {
  readonly kind: 'loss';
  /** Nats per token. */
  readonly loss: number;
  /** Of `loss`, over windows or items (see `ratioEstimate`). NaN when there is only one. */
  readonly standardError: number;
  readonly perplexity: number;
  /** NaN where the number of bytes is unknown. */
  readonly bitsPerByte: number;
  readonly tokenCount: number;
  readonly byteCount: number;
  /** Per window or item, for paired comparisons: summed negative log-likelihood in nats, and scored tokens. */
  readonly itemNats: readonly number[];
  readonly itemTokens: readonly number[];
}

/** Share of questions where the right choice has the largest log-likelihood. */
export interface ChoiceScore {
  readonly kind: 'choice';
  /** By summed log-likelihood, and by log-likelihood per byte of the choice. */
  readonly accuracy: number;
  readonly accuracyNormalised: number;
  /** NaN when there is only one question. */
  readonly standardError: number;
  readonly standardErrorNormalised: number;
  readonly itemCount: number;
  /** Per question 1 or 0; NaN where the model computed a NaN. */
  readonly itemCorrect: readonly number[];
  readonly itemCorrectNormalised: readonly number[];
}

/** What an outside command said of a checkpoint. */
export interface OutsideScore {
  readonly kind: 'outside';
  readonly value: number;
  readonly higherIsBetter: boolean;
}

export type TaskScore = LossScore | ChoiceScore | OutsideScore;
