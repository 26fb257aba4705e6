import type { Finding } from '../../checkpoint/index.js';
import type { AdapterSettings } from '../adapters/index.js';
import type { Parameter } from '../parameters/index.js';
import { familyOf } from './families.js';
import type { Family, Place } from './family.js';
import { valueOf, type GgufFacts } from './ggufFacts.js';

/** A LoRA adapter in GGUF, as PEFT would have it. */
export interface GgufAdapter {
  readonly parameters: readonly Parameter[];
  readonly adapter: AdapterSettings;
  readonly findings: readonly Finding[];
}

/** `blk.3.ffn_up.weight.lora_a` is A as PEFT has it, `[rank, inputs]`; `lora_b` is B. Source: `convert_lora_to_gguf.py` of llama.cpp. */
const factorName = /^blk\.(\d{1,6})\.([a-z0-9_]+)\.weight\.lora_([ab])$/;

/**
 * The factors under PEFT's names. Where a converter changed the values of a weight, it changed those of its factors too, and these files do not
 * say what would be needed to undo that: then all keep their names, and are compared as they are.
 */
export function ggufAdapter(parameters: readonly Parameter[], facts: GgufFacts, file: string): GgufAdapter {
  const family = familyOf(facts.architecture);
  const translated = family === null ? [] : parameters.flatMap((parameter) => factorOf(parameter, family) ?? []);
  const isWhole = translated.length === parameters.length && parameters.length > 0;
  const used = isWhole ? translated : parameters;
  return { parameters: used, adapter: settingsOf(used, isWhole, facts), findings: isWhole ? [] : [untranslated(file)] };
}

function untranslated(file: string): Finding {
  const message =
    "This is a LoRA adapter in GGUF. Its factors belong to weights whose rows llama.cpp's converter puts in another order, or that are not known here: they are compared as they are. Use the PEFT adapter that it was made from for more.";
  return { severity: 'warning', code: 'gguf-adapter', message, file };
}

function factorOf(parameter: Parameter, family: Family): Parameter | null {
  const [, layer = '', stem = '', side] = factorName.exec(parameter.name) ?? [];
  const place: Place | undefined = Object.hasOwn(family.block, stem) ? family.block[stem] : undefined;
  if (typeof place !== 'string') return null;
  const name = `base_model.model.${family.layers}.${layer}.${place}.lora_${side === 'a' ? 'A' : 'B'}.weight`;
  return { ...parameter, name };
}

function settingsOf(parameters: readonly Parameter[], isTranslated: boolean, { metadata }: GgufFacts): AdapterSettings {
  const alpha = valueOf(metadata, 'adapter.lora.alpha');
  const ranks = new Set(parameters.flatMap(({ name, shape }) => (/lora_[aA](?:\.weight)?$/.test(name) ? (shape?.[0] ?? []) : [])));
  const [rank] = ranks;
  return {
    format: isTranslated ? 'peft' : 'other',
    kind: 'LoRA',
    rank: ranks.size === 1 ? rank! : null,
    rankPattern: {},
    alpha: typeof alpha === 'number' ? alpha : null,
    alphaPattern: {},
    scale: null,
    usesRslora: false,
    targetModules: null,
    targetParameters: [],
    modulesToSave: [],
    wholeTensors: [],
    bias: null,
    baseModel: metadata['general.base_model.0.name'] ?? null,
    initialisation: null,
    raw: {},
  };
}
