import { layerOf } from '../names/index.js';

/** Names of tensors with a row per token, by what the common architectures call them. */
const embedding = /(?:^|\.)(?:embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared|embed_tokens_per_layer)(?:\.weight)?$/;
const head = /(?:^|\.)(?:lm_head|embed_out)(?:\.weight)?$|^(?:model\.)?output\.weight$|(?:^|\.)predictions\.decoder\.weight$/;
const headBias = /(?:^|\.)(?:lm_head|embed_out)\.bias$|^(?:model\.)?output\.bias$|(?:^|\.)predictions\.(?:decoder\.)?bias$/;

/** What a tensor's rows have to do with tokens. Null: nothing. */
export type VocabularyPart = 'embedding' | 'head' | 'head-bias' | null;

export function vocabularyPart(name: string): VocabularyPart {
  const part = partByName(name);
  return part !== null && layerOf(name).layerIndex === null ? part : null;
}

function partByName(name: string): VocabularyPart {
  if (embedding.test(name)) return 'embedding';
  if (head.test(name)) return 'head';
  return headBias.test(name) ? 'head-bias' : null;
}
