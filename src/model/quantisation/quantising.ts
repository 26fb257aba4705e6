import { andList } from '../../base/nameList.js';
import type { CodedGroup, Coding } from './scheme.js';

/**
 * The command of a scheme's own tool that quantises a plain model at PATH to OUT as these weights were, as far as their layout says it;
 * null where none is known. Calibration is the user's: GPTQ and AWQ need texts. The options are those of transformers 5, llm-compressor
 * 0.9, GPTQModel 5, AutoAWQ 0.2, Model Optimizer 0.40 and mlx-lm 0.32; the commands were not run.
 */
export function quantisingCommand(groups: readonly CodedGroup[]): string | null {
  const commands = [...new Set(groups.flatMap((group) => commandOf(group) ?? []))];
  return commands.length === 0 ? null : andList(commands);
}

function commandOf(coding: Coding): string | null {
  switch (coding.scheme) {
    case 'block-fp8':
      return transformers(`FineGrainedFP8Config(weight_block_size=(${coding.block?.join(', ') ?? '128, 128'}))`);
    case 'mxfp4':
      return transformers('Mxfp4Config()');
    case 'bitsandbytes':
      return transformers(`BitsAndBytesConfig(${bitsAndBytes(coding)})`);
    case 'compressed-tensors':
      return llmCompressor(compressedPreset(coding));
    case 'fp8':
      return /modelopt/i.test(coding.name) ? modelOptimizer('fp8') : llmCompressor('FP8_DYNAMIC');
    case 'nvfp4':
      return modelOptimizer('nvfp4');
    case 'mxfp8':
      return llmCompressor('MXFP8');
    case 'gptq':
      return `GPTQModel.load(PATH, QuantizeConfig(bits=${coding.bits ?? 4}, group_size=${groupSize(coding, -1)})), then .quantize(TEXTS) and .save(OUT)`;
    case 'awq':
      return `AutoAWQForCausalLM.from_pretrained(PATH), then .quantize(tokenizer, quant_config={"w_bit": ${coding.bits ?? 4}, "q_group_size": ${groupSize(coding, -1)}, "zero_point": True, "version": "GEMM"}) and .save_quantized(OUT)`;
    case 'mlx':
      return mlx(coding);
    case 'gguf':
      return `convert_hf_to_gguf.py PATH --outfile PLAIN.gguf, then llama-quantize PLAIN.gguf OUT.gguf ${coding.name.replace(/^GGUF\s*/, '')}`;
    case 'stated':
    case 'unknown':
      return null;
    default:
      return coding.scheme satisfies never;
  }
}

function transformers(config: string): string {
  return `in transformers, from_pretrained(PATH, quantization_config=${config}).save_pretrained(OUT)`;
}

function llmCompressor(preset: string): string {
  return `in llm-compressor, oneshot(model=PATH, recipe=QuantizationModifier(targets="Linear", scheme="${preset}", ignore=["lm_head"]), output_dir=OUT)`;
}

function modelOptimizer(format: string): string {
  return `in Model Optimizer, python examples/llm_ptq/hf_ptq.py --pyt_ckpt_path PATH --qformat ${format} --export_path OUT`;
}

function bitsAndBytes({ bits, name }: Coding): string {
  return bits === 8 ? 'load_in_8bit=True' : `load_in_4bit=True, bnb_4bit_quant_type="${/fp4/.test(name) ? 'fp4' : 'nf4'}"`;
}

/** Presets of compressed-tensors. */
function compressedPreset({ name, bits }: Coding): string {
  if (/nvfp4/i.test(name)) return 'NVFP4';
  if (/mxfp4/i.test(name)) return 'MXFP4';
  if (/float|fp8/i.test(name)) return 'FP8_DYNAMIC';
  return /pack/.test(name) ? `W${bits ?? 4}A16` : 'W8A8';
}

function mlx({ name, bits, block }: Coding): string {
  const mode = /(?:mx|nv)fp\d/i.exec(name)?.[0].toLowerCase();
  const layout = mode === undefined ? `--q-bits ${bits ?? 4} --q-group-size ${block?.[1] ?? 64}` : `--q-mode ${mode}`;
  return `mlx_lm.convert --hf-path PATH -q ${layout} --mlx-path OUT`;
}

/** Weights of a group lie along the inputs, which are columns of the weight. */
function groupSize({ block }: Coding, ofAll: number): number {
  return block?.[1] ?? ofAll;
}
