import type { Finding } from '../../checkpoint/finding.js';
import type { Parameter } from '../parameters/index.js';
import type { ModelConfig } from '../settings/index.js';

/** How the token embedding is called in common architectures. */
const embeddingName = /(?:^|\.)(?:embed_tokens|wte|word_embeddings|embed_in|tok_embeddings|shared)\.weight$/;
const normName = /norm|(?:^|\.)ln_/;

/** Shapes that contradict `config.json`: rows of the token embedding against `vocab_size`, columns against `hidden_size`. */
export function checkConfig(path: string, parameters: readonly Parameter[], config: ModelConfig | null): Finding[] {
  const embedding = parameters.find(({ name, shape }) => embeddingName.test(name) && shape?.length === 2);
  if (embedding === undefined || config === null) return [];
  const [rows = 0, columns = 0] = embedding.shape ?? [];
  return [...checkVocabulary(path, embedding, rows, config), ...checkHiddenSize(path, embedding, columns, parameters, config)];
}

function checkVocabulary(file: string, { name }: Parameter, rows: number, { vocabularySize }: ModelConfig): Finding[] {
  if (vocabularySize === null || rows === vocabularySize) return [];
  const isPadded = rows > vocabularySize;
  const meaning = isPadded ? 'the rest is padding or added tokens.' : 'tokens are missing, or config.json is of another model.';
  const message = `The token embedding has ${rows} rows, config.json says vocab_size ${vocabularySize}: ${meaning}`;
  return [{ severity: isPadded ? 'info' : 'error', code: 'config-vocabulary', message, tensor: name, file }];
}

/** Some architectures embed in a smaller width and project up; their norms then have the hidden size. */
function checkHiddenSize(
  file: string,
  { name }: Parameter,
  columns: number,
  parameters: readonly Parameter[],
  { hiddenSize }: ModelConfig,
): Finding[] {
  const fits = ({ name: own, shape }: Parameter): boolean => shape?.length === 1 && shape[0] === hiddenSize && normName.test(own);
  if (hiddenSize === null || columns === hiddenSize || parameters.some(fits)) return [];
  const message = `The token embedding has ${columns} columns, config.json says hidden_size ${hiddenSize}: config.json is probably of another model.`;
  return [{ severity: 'error', code: 'config-hidden-size', message, tensor: name, file }];
}
