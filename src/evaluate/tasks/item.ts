/** A line of a `.jsonl` task. */
export interface ChoiceItem {
  readonly kind: 'choice';
  /** From 1. */
  readonly line: number;
  readonly prompt: string;
  readonly choices: readonly string[];
  /** Index of the right choice. */
  readonly answer: number;
}

export interface CompletionItem {
  readonly kind: 'completion';
  readonly line: number;
  readonly prompt: string;
  readonly completion: string;
}

export type Item = ChoiceItem | CompletionItem;

/** What is wrong with a line. */
export interface LineFault {
  readonly line: number;
  /** A clause: `the answer 4 is not the index of a choice`. */
  readonly problem: string;
}
