import type { JsonObject } from '../../base/json/readJson.js';

/** What transformers 5.24 loads where it takes a `tokenizer.json` as it is. */
const asWritten = 'TokenizersBackend';

/**
 * Its classes that take words and merges out of a `tokenizer.json` and build the rest anew, with the model types that it gives them
 * to (`TOKENIZER_MAPPING_NAMES`). Types of `TokenizersBackend` are listed too, because they overrule what a file declares.
 */
const typesByClass: Readonly<Record<string, string>> = {
  AlbertTokenizer: 'albert yoso',
  BarthezTokenizer: 'barthez',
  BertTokenizer:
    'align bark bert blip bros convbert distilbert electra ernie flava git layoutlm megatron-bert nezha nomic_bert squeezebert vilt',
  BigBirdTokenizer: 'big_bird',
  BlenderbotTokenizer: 'blenderbot',
  CLIPTokenizer: 'aimv2 clip clipseg groupvit oneformer owlv2 owlvit sam3 xclip',
  CamembertTokenizer: 'camembert',
  CodeGenTokenizer: '',
  CodeLlamaTokenizer: 'code_llama',
  CohereTokenizer: 'aya_vision cohere cohere2',
  DebertaTokenizer: 'deberta',
  DebertaV2Tokenizer: 'deberta-v2',
  FunnelTokenizer: 'funnel',
  GPT2Tokenizer: 'blip-2 codegen dbrx emu3 gpt2 gpt_neo gptj hyperclovax_vision_v2 instructblip instructblipvideo jais2 opt phi starcoder2',
  GPTNeoXTokenizer: 'falcon_mamba gpt_neox mamba mamba2 mpt olmo olmoe rwkv xlstm',
  GemmaTokenizer: 'diffusion_gemma gemma gemma2 gemma3 gemma3_text gemma3n gemma3n_text recurrent_gemma shieldgemma2 t5gemma zaya',
  LlamaTokenizer: 'idefics idefics2',
  MBart50Tokenizer: 'mbart50',
  MBartTokenizer: 'mbart',
  NllbTokenizer: 'nllb nllb-moe',
  OpenAIGPTTokenizer: 'openai-gpt',
  PegasusTokenizer: 'pegasus',
  Qwen2Tokenizer:
    'audioflamingo3 colqwen2 hunyuan_vl internvl ovis2 qwen2 qwen2_5_omni qwen2_5_vl qwen2_audio qwen2_moe qwen2_vl qwen3 qwen3_asr qwen3_moe qwen3_next qwen3_omni_moe qwen3_vl qwen3_vl_moe vibevoice',
  Qwen3_5Tokenizer: 'qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen3_5_text qwen4_exp',
  RemBertTokenizer: 'rembert',
  RobertaTokenizer: 'bart bridgetower clap data2vec-text ibert lilt longformer mega mra roberta roberta-prelayernorm',
  SeamlessM4TTokenizer: 'seamless_m4t seamless_m4t_v2',
  T5Tokenizer: 'mt5 musicgen musicgen_melody switch_transformers t5',
  WhisperTokenizer: 'whisper',
  XGLMTokenizer: 'xglm',
  XLMRobertaTokenizer: 'gte jina_embeddings_v3 metaclip_2 trocr xlm-roberta xmod',
  XLNetTokenizer: 'xlnet',
  [asWritten]:
    'arctic aria ernie4_5 ernie4_5_moe flex_olmo fuyu glm glm4 glm4_moe glm4_moe_lite glm4v glm4v_moe glm_image got_ocr2 gpt_bigcode granite granitemoe granitemoehybrid granitemoeshared h2ovl_chat hyperclovax hyperclovax_vlm internlm2 internlm3 jamba kimi_k25 kimi_linear kosmos-2 llava llava_next mimo_v2_flash minicpm3 minicpmv minimax_m2 ministral ministral3 mistral mistral3 mixtral modernbert modernbert-decoder molmo molmo2 nemotron olmo2 olmo3 olmo_hybrid paddleocr_vl pegasus_x persimmon phi3 phi3_v phimoe pixtral smolvlm stablelm step3_vl umt5 vipllava voxtral xlm-roberta-xl',
};

/** Types whose files on the Hub declare a wrong class (`MODELS_WITH_INCORRECT_HUB_TOKENIZER_CLASS`). */
const misdeclared = new Set(
  'arctic ernie4_5 ernie4_5_moe fuyu h2ovl_chat hyperclovax hyperclovax_vision_v2 hyperclovax_vlm internlm2 internlm3 jamba llava llava_next minicpm3 minicpmv minimax_m2 modernbert modernbert-decoder molmo molmo2 nemotron paddleocr_vl phi3 phi3_v phimoe qwen2 qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen4_exp siglip2 smolvlm step3_vl vipllava'.split(
    ' ',
  ),
);

const classOfType = new Map(Object.entries(typesByClass).flatMap(([name, types]) => types.split(' ').map((type) => [type, name] as const)));

/** What decides which class the library loads a tokenizer with. */
export interface ClassFacts {
  /** The roots of `tokenizer_config.json` and `config.json`; empty where there is none. */
  readonly tokenizerConfig: JsonObject;
  readonly modelConfig: JsonObject;
  /** Whether "ByteLevel" stands anywhere in `tokenizer.json`; false where there is none. */
  readonly hasByteLevel: boolean;
}

/** The class that `AutoTokenizer` of transformers 5.24 loads a folder's tokenizer with. */
export function libraryClass({ tokenizerConfig, modelConfig, hasByteLevel }: ClassFacts): string {
  const stated = tokenizerConfig['tokenizer_class'] ?? modelConfig['tokenizer_class'];
  const declared = typeof stated === 'string' ? stated.replace(/Fast$/, '') : null;
  const type = typeof modelConfig['model_type'] === 'string' ? modelConfig['model_type'] : '';
  const registered = classOfType.get(type) ?? null;
  if (declared === 'LlamaTokenizer' && !misdeclared.has(type) && hasByteLevel) return asWritten;
  const differs = declared !== null && registered !== null && declared !== registered;
  if (differs && registered === asWritten) return asWritten;
  const name = (differs && misdeclared.has(type) ? registered : declared) ?? registered;
  return name !== null && Object.hasOwn(typesByClass, name) ? name : asWritten;
}

/** Whether the library builds the tokenizer anew from words and merges. */
export function isRebuilt(name: string): boolean {
  return name !== asWritten;
}
