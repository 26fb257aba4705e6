import { join } from 'node:path';
import { isDifference } from '../checkpoints/isDifference.js';
import { CompanionReader, titleOf } from '../../checkpoint/index.js';
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

/** What cannot be read gives no hint; planning says what is wrong with it. */
async function hasChatTemplate(model: Model): Promise<boolean> {
  const { folder } = model;
  const companions = new CompanionReader();
  try {
    const names = await companions.names(folder);
    if (names.includes('chat_template.jinja') || names.includes('chat_template.json')) return true;
    return 'chat_template' in ((await companions.object(join(folder, 'tokenizer_config.json'))) ?? {});
  } catch {
    return false;
  }
}

/** What lies beside the weights and in the name; no weight is read. */
export async function cluesOf(model: Model): Promise<ModelClues> {
  const { path } = model;
  const name = titleOf(path);
  const isDiffVector = isDifference(model);
  return { path, name, isDiffVector, hasChatTemplate: await hasChatTemplate(model), named: namedAs(name) };
}

/** How much speaks for a model being a fine-tuned version; negative: for a base model. */
export function finetunedScore({ hasChatTemplate: hasTemplate, named }: ModelClues): number {
  return (hasTemplate ? 1 : 0) + (named === 'finetuned' ? 2 : named === 'base' ? -2 : 0);
}
