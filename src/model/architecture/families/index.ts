import type { Architecture } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { gemma2, gemma3, gemma3Text } from './gemma.js';
import { gpt2 } from './gpt2.js';
import { gptNeox } from './gptNeox.js';
import { llamaLike } from './llamaLike.js';
import { llama, mistral, olmo2, phi3, qwen2, qwen3 } from './llamaVariants.js';

/** Reads the config of one family. */
export type Family = (config: ConfigFields) => Architecture;

/** Families by `model_type`. */
export const families: Readonly<Record<string, Family>> = {
  llama: llamaLike(llama),
  mistral: llamaLike(mistral),
  qwen2: llamaLike(qwen2),
  qwen3: llamaLike(qwen3),
  olmo2: llamaLike(olmo2),
  phi3: llamaLike(phi3),
  gpt2,
  gpt_neox: gptNeox,
  gemma2,
  gemma3_text: gemma3Text,
  gemma3,
};
