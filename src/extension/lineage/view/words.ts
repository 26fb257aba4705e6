import { basename } from 'node:path';
import { formatLoss, formatScore, lineageSuffix, type LineageStatus, type ReleaseState, type RoundScore } from '../lineageRoom.js';

/** `llama` of `/models/llama.lineage.json`. */
export function lineageName(path: string): string {
  return basename(path, lineageSuffix);
}

export const stateWords: Readonly<Record<ReleaseState, string>> = {
  new: 'base only',
  prepared: 'start written',
  training: 'in training',
  interrupted: 'interrupted',
  finetuned: 'fine-tuned',
};

/** What is due, in a few words. */
export function describeDue({ releases, next }: Pick<LineageStatus, 'releases' | 'next'>): string {
  if (next.kind === 'round') return `next: fine-tune ${next.release}${next.fineTune === 'plain' ? ' plainly' : ''}`;
  return releases.length === 0 ? 'no release yet' : `all ${releases.length} fine-tuned`;
}

const quantities: Readonly<Record<RoundScore['kind'], string>> = { loss: 'loss', choice: 'accuracy', outside: 'result' };

/** `loss 3.31`. */
export function describeScore({ kind, value }: RoundScore): string {
  return `${quantities[kind]} ${value === null ? 'not finite' : formatLoss(value)}`;
}

/** `french: loss 3.306 ± 0.012`. */
export function describeScoreFully(score: RoundScore): string {
  return `${taskName(score.task)}: ${quantities[score.kind]} ${formatScore(score)}`;
}

/** Short name of a task file. */
export function taskName(path: string): string {
  return basename(path).replace(/\.(?:txt|jsonl)$/, '');
}
