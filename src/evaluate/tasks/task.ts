import type { Finding } from '../../checkpoint/index.js';
import type { TaskScore } from '../report/index.js';

/** What a model is asked, and what its answers are worth. Scoring knows nothing of how log-probabilities come about. */

/** Tokens that a model reads from position 0, and which of them are scored. */
export interface TokenSequence {
  readonly tokens: Uint32Array;
  /** Tokens from this index on are scored, each given all before it. At least 1. */
  readonly firstScored: number;
}

/** Natural logarithms of the probabilities of a sequence's scored tokens, in order. */
export type TokenLogProbabilities = Float64Array;

/** A task in the tokens of one tokenizer. */
export interface PreparedTask {
  readonly name: string;
  readonly path: string;
  readonly kind: TaskScore['kind'];
  /** SHA-256 of the task's text, the tokenizer and the settings that shape the sequences. */
  readonly hash: string;
  readonly sequences: readonly TokenSequence[];
  /** What was cut, converted or not understood on the way from the file to the sequences. */
  readonly findings: readonly Finding[];
  /** @param logProbabilities of each sequence, in order */
  readonly score: (logProbabilities: readonly TokenLogProbabilities[]) => TaskScore;
}

export interface WindowSettings {
  /** Tokens of a window of running text, a leading BOS token included; null: the context length, at most 512. */
  readonly window: number | null;
  /** New tokens per window: less than the window re-reads what came before without scoring it. Null, or the window: no overlap. */
  readonly stride: number | null;
  /** Use at most so many windows or items of each task, evenly spread; null: all. */
  readonly limit: number | null;
}

/** What shapes a task's sequences: the user's wishes, and what the models can read. */
export interface TaskSettings extends WindowSettings {
  /** Longest sequence that the models can read, in tokens; null where nothing bounds it. */
  readonly contextLength: number | null;
}
