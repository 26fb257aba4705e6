import type { Scheme, SchemeId } from './scheme.js';

/** Ways to decode a model with the tools that know its scheme. The options of transformers are those of 5.24; the other commands were not run. */
const decoding: Partial<Readonly<Record<SchemeId, string>>> = {
  'block-fp8': loadDecoded('FineGrainedFP8Config(dequantize=True)'),
  mxfp4: loadDecoded('Mxfp4Config(dequantize=True)'),
  'compressed-tensors': loadDecoded('CompressedTensorsConfig(dequantize=True)'),
  bitsandbytes: 'in transformers, from_pretrained(PATH).dequantize().save_pretrained(OUT)',
  mlx: 'mlx_lm.convert --hf-path PATH --dequantize --mlx-path OUT',
};

function loadDecoded(config: string): string {
  return `in transformers, from_pretrained(PATH, quantization_config=${config}).save_pretrained(OUT)`;
}

/** What to do with a quantised model where plain weights are needed, as a sentence. */
export function decodingRemedy({ groups }: Scheme): string {
  const ways = [...new Set(groups.flatMap(({ scheme }) => decoding[scheme] ?? []))];
  const decode = ways.length > 0 ? `decode it first: ${ways.join('; ')}` : 'decode it first with the tool that quantised it';
  return `Use the version that was not quantised, or ${decode}.`;
}
