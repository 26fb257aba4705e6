import { formatCount } from '../../base/format.js';
import { valueOf, type GgufFacts } from './ggufFacts.js';

/** What most weights of a file are stored as, by `general.file_type`. Source: `LlamaFileType` of the Python package gguf 0.19. */
const fileTypes: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4_MOE',
  39: 'NVFP4',
  40: 'Q1_0',
};

/** What a GGUF file says of itself, as label and value: name, kind of file, quantisation, tokenizer. */
export function describeGguf({ architecture, type, metadata }: GgufFacts): readonly (readonly [string, string])[] {
  const fileType = valueOf(metadata, 'general.file_type');
  const named = typeof fileType === 'number' ? (fileTypes[fileType] ?? `file type ${fileType}`) : null;
  const facts: readonly (readonly [string, string | null])[] = [
    ['GGUF architecture', type === 'model' ? architecture : `${architecture} (${type})`],
    ['Name', metadata['general.name'] ?? null],
    ['Mostly', named],
    ['Tokenizer', describeTokenizer(metadata)],
    ['Importance matrix', metadata['quantize.imatrix.file'] ?? null],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** `gpt2 (llama-bpe), 128,256 tokens`. */
function describeTokenizer(metadata: GgufFacts['metadata']): string | null {
  const model = metadata['tokenizer.ggml.model'];
  if (model === undefined) return null;
  const pre = metadata['tokenizer.ggml.pre'];
  const tokens = valueOf(metadata, 'tokenizer.ggml.tokens');
  const count = Array.isArray(tokens) ? formatCount(tokens.length) : /^[\d,]+/.exec(String(tokens))?.[0];
  return `${model}${pre === undefined ? '' : ` (${pre})`}${count === undefined ? '' : `, ${count} tokens`}`;
}
