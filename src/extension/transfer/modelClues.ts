import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diffVectorFacts } from './combineRoom.js';
import { modelName } from './draft.js';
import type { Model } from '../../model/index.js';

/** What hints at the part a model has in a transfer. */
export interface ModelClues {
  readonly path: string;
  readonly name: string;
  readonly isDiffVector: boolean;
  readonly hasChatTemplate: boolean;
  /** What the name says, if anything. */
  readonly named: 'finetuned' | 'base' | null;
}

const finetunedWords = /(?:^|[^a-z])(?:instruct|chat|it|sft|dpo|ppo|grpo|rlhf|ft|tuned|assistant|think(?:ing)?)(?:[^a-z]|$)|fine-?tun/i;
const baseWords = /(?:^|[^a-z])(?:base|pretrain(?:ed)?|pt)(?:[^a-z]|$)/i;

function namedAs(name: string): ModelClues['named'] {
  if (finetunedWords.test(name)) return 'finetuned';
  return baseWords.test(name) ? 'base' : null;
}

function hasChatTemplate(path: string): boolean {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
  if (['chat_template.jinja', 'chat_template.json'].some((name) => existsSync(join(folder, name)))) return true;
  try {
    const config: unknown = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8'));
    return typeof config === 'object' && config !== null && 'chat_template' in config;
  } catch {
    return false;
  }
}

/** What lies beside the weights and in the name; no weight is read. */
export function cluesOf(checkpoint: Model): ModelClues {
  const { path } = checkpoint;
  const name = modelName(path);
  return { path, name, isDiffVector: diffVectorFacts(checkpoint) !== null, hasChatTemplate: hasChatTemplate(path), named: namedAs(name) };
}

/** How much speaks for a model being a fine-tuned version; negative: for a base model. */
export function finetunedScore({ hasChatTemplate: hasTemplate, named }: ModelClues): number {
  return (hasTemplate ? 1 : 0) + (named === 'finetuned' ? 2 : named === 'base' ? -2 : 0);
}
