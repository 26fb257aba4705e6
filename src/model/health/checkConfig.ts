import type { Tensor } from '../../checkpoint/checkpoint.js';
import type { Finding } from '../../checkpoint/finding.js';
import type { ModelConfig } from '../settings/index.js';

/** How the token embedding is called in common architectures. */
const embeddingName = /(?:^|\.)(?:embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared)\.weight$/;
const normName = /norm|(?:^|\.)ln_/;

/** Shapes that contradict `config.json`: rows of the token embedding against `vocab_size`, columns against `hidden_size`. */
export function checkConfig(path: string, tensors: readonly Tensor[], config: ModelConfig | null): Finding[] {
  const embedding = tensors.find(({ name, shape }) => embeddingName.test(name) && shape.length === 2);
  if (embedding === undefined || config === null) return [];
  const [rows = 0, columns = 0] = embedding.shape;
  return [...checkVocabulary(path, embedding, rows, config), ...checkHiddenSize(path, embedding, columns, tensors, config)];
}

function checkVocabulary(file: string, { name }: Tensor, rows: number, { vocabularySize }: ModelConfig): Finding[] {
  if (vocabularySize === null || rows === vocabularySize) return [];
  const isPadded = rows > vocabularySize;
  const meaning = isPadded ? 'the rest is padding or added tokens.' : 'tokens are missing, or config.json is of another model.';
  const message = `The token embedding has ${rows} rows, config.json says vocab_size ${vocabularySize}: ${meaning}`;
  return [{ severity: isPadded ? 'info' : 'error', code: 'config-vocabulary', message, tensor: name, file }];
}

/** Some architectures embed in a smaller width and project up; their norms then have the hidden size. */
function checkHiddenSize(
  file: string,
  { name }: Tensor,
  columns: number,
  tensors: readonly Tensor[],
  { hiddenSize }: ModelConfig,
): Finding[] {
  const fits = (tensor: Tensor): boolean => tensor.shape.length === 1 && tensor.shape[0] === hiddenSize && normName.test(tensor.name);
  if (hiddenSize === null || columns === hiddenSize || tensors.some(fits)) return [];
  const message = `The token embedding has ${columns} columns, config.json says hidden_size ${hiddenSize}: config.json is probably of another model.`;
  return [{ severity: 'error', code: 'config-hidden-size', message, tensor: name, file }];
}
