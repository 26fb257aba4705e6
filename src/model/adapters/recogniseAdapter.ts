import { basename } from 'node:path';
import { listTensors, type Checkpoint, type Finding, type TensorListing } from '../../checkpoint/index.js';
import { plural } from '../../base/format.js';
import { nameList } from '../../base/nameList.js';
import { isRecord } from '../../base/json/record.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { leafOf } from '../names/index.js';
import type { AdapterSettings } from './adapterSettings.js';
import { factorOf, rankOf, type Factor } from './factors.js';

/** Kinds by PEFT's `peft_type`. Others are given as the file has them. */
const kinds: Readonly<Record<string, string>> = {
  LORA: 'LoRA',
  ADALORA: 'AdaLoRA',
  XLORA: 'X-LoRA',
  IA3: 'IA³',
  LOHA: 'LoHa',
  LOKR: 'LoKr',
  VERA: 'VeRA',
  DELORA: 'DeLoRA',
  RANDLORA: 'RandLoRA',
  FOURIERFT: 'FourierFT',
  MISS: 'MiSS',
  LN_TUNING: 'LayerNorm tuning',
  PROMPT_TUNING: 'prompt tuning',
  MULTITASK_PROMPT_TUNING: 'multitask prompt tuning',
  PREFIX_TUNING: 'prefix tuning',
  P_TUNING: 'P-tuning',
  TRAINABLE_TOKENS: 'trainable tokens',
};

/** Kinds by the names of their factors, where no file says more. */
const kindsByRole: readonly (readonly [role: RegExp, kind: string])[] = [
  [/^lora_magnitude_vector|^dora_/, 'DoRA'],
  [/^lora_/, 'LoRA'],
  [/^hada_/, 'LoHa'],
  [/^lokr_/, 'LoKr'],
  [/^ia3_/, 'IA³'],
  [/^vera_/, 'VeRA'],
  [/^(?:oft|boft)_/, 'OFT'],
  [/prompt|prefix/, 'prompt tuning'],
];

type TensorFactor = Factor<TensorListing>;

/** What a checkpoint is as an adapter. */
export interface AdapterRecognition {
  /** Null when its tensors are a model's own. */
  readonly adapter: AdapterSettings | null;
  readonly findings: readonly Finding[];
}

/**
 * Tells an adapter from a model: by factors in the names of its tensors whose base weights are elsewhere. What
 * `adapter_config.json` says is believed about factors that are there; beside a whole model it says nothing about it.
 * @param root the content of `adapter_config.json`; null when there is none
 */
export function recogniseAdapter(
  checkpoint: Pick<Checkpoint, 'path' | 'tensors' | 'scattered' | 'shards'>,
  root: JsonObject | null,
): AdapterRecognition {
  const tensors = listTensors(checkpoint);
  const factors = tensors.flatMap((tensor) => factorOf(tensor) ?? []);
  if (factors.length === 0 && !isPartialModel(checkpoint, root))
    return { adapter: null, findings: root === null ? [] : [besideFinding(checkpoint)] };
  const adapted = adaptedWeights(tensors, factors);
  if (!isSaved(checkpoint, root) && 2 * adapted.length > modulesOf(factors).length)
    return { adapter: null, findings: [unmergedFinding(checkpoint, adapted)] };
  const known = new Set(factors.map(({ of }) => of));
  const whole = tensors.filter((tensor) => !known.has(tensor) && !isMagnitude(tensor, factors));
  return { adapter: settingsOf(factors, whole, root, checkpoint.shards[0]?.metadata ?? {}), findings: [] };
}

/** MLX stores a full fine-tune of a model's last layers as an adapter. */
function isPartialModel({ shards }: Pick<Checkpoint, 'shards'>, root: JsonObject | null): boolean {
  return root?.['fine_tune_type'] === 'full' && shards.every(({ path }) => /adapters?\.(?:safetensors|npz)$/.test(path));
}

/** Whether PEFT saved this as an adapter: it stores embeddings whole beside their factors. */
function isSaved({ shards }: Pick<Checkpoint, 'shards'>, root: JsonObject | null): boolean {
  return root !== null && 'peft_type' in root && shards.every(({ path }) => basename(path).startsWith('adapter_model'));
}

/** Weights that lie beside the factors that change them. Where most do, this is a model and its adapter in one checkpoint. */
function adaptedWeights(tensors: readonly TensorListing[], factors: readonly TensorFactor[]): string[] {
  const names = new Set(tensors.map(({ name }) => name));
  return modulesOf(factors).flatMap((module) => [`${module}.base_layer.weight`, `${module}.weight`].filter((name) => names.has(name)));
}

function modulesOf(factors: readonly TensorFactor[]): string[] {
  return [...new Set(factors.map(({ module }) => module))].filter((module) => module !== '');
}

/** MLX calls the magnitudes of DoRA `X.m`, beside `X.lora_a`. */
function isMagnitude({ name }: TensorListing, factors: readonly TensorFactor[]): boolean {
  return name.endsWith('.m') && factors.some(({ module }) => `${module}.m` === name);
}

function besideFinding({ path }: Pick<Checkpoint, 'path'>): Finding {
  const message =
    'adapter_config.json lies beside these weights, which are those of a model. An adapter is not applied here; if it was merged into the weights, remove the file.';
  return { severity: 'info', code: 'adapter-beside', message, file: path };
}

function unmergedFinding({ path }: Pick<Checkpoint, 'path'>, adapted: readonly string[]): Finding {
  const message = `An adapter that is not merged lies beside ${plural(adapted.length, 'weight')}, which are those of the base: ${nameList(adapted)}. Merge the adapter first (merge_and_unload in PEFT) to work with the fine-tuned weights.`;
  return { severity: 'warning', code: 'adapter-not-merged', message, tensor: adapted[0]!, file: path };
}

function settingsOf(
  factors: readonly TensorFactor[],
  whole: readonly TensorListing[],
  root: JsonObject | null,
  metadata: Readonly<Record<string, string>>,
): AdapterSettings {
  const shown = fromFactors(factors, whole, metadata);
  if (root === null) return shown;
  return 'peft_type' in root ? fromPeft(root, shown) : fromMlx(root, shown);
}

/** What the factors show, with what kohya's scripts write into the file's metadata. */
function fromFactors(
  factors: readonly TensorFactor[],
  whole: readonly TensorListing[],
  metadata: Readonly<Record<string, string>>,
): AdapterSettings {
  const ranks = new Set(factors.flatMap((factor) => rankOf(factor) ?? []));
  const isMlx = factors.some(({ role }) => role === 'lora_a');
  const isPeft = factors.some(({ module, role }) => module.startsWith('base_model.') && /^lora_[AB]$/.test(role));
  return {
    format: isMlx ? 'mlx' : isPeft ? 'peft' : 'other',
    kind: kindsByRole.find(([pattern]) => factors.some(({ role }) => pattern.test(role)))?.[1] ?? 'adapter',
    rank: ranks.size === 1 ? [...ranks][0]! : null,
    rankPattern: {},
    alpha: numberFrom(metadata['ss_network_alpha']),
    alphaPattern: {},
    scale: null,
    usesRslora: false,
    targetModules: [...new Set(modulesOf(factors).map(leafOf))],
    targetParameters: [],
    modulesToSave: [],
    wholeTensors: whole.map(({ name }) => name),
    bias: null,
    baseModel: metadata['ss_base_model_version'] ?? null,
    initialisation: null,
    raw: {},
  };
}

/** Source: `LoraConfig` and the other configurations of peft 0.21. */
function fromPeft(root: JsonObject, shown: AdapterSettings): AdapterSettings {
  const type = textOf(root['peft_type']);
  const targets = root['target_modules'];
  return {
    ...shown,
    format: 'peft',
    kind: root['use_dora'] === true ? 'DoRA' : type === null ? shown.kind : (kinds[type] ?? type),
    rank: numberOf(root['r']) ?? shown.rank,
    rankPattern: numbersIn(root['rank_pattern']),
    alpha: numberOf(root['lora_alpha']) ?? numberOf(root['alpha']),
    alphaPattern: numbersIn(root['alpha_pattern']),
    usesRslora: root['use_rslora'] === true,
    targetModules: typeof targets === 'string' ? targets : Array.isArray(targets) ? textsIn(targets) : shown.targetModules,
    targetParameters: textsIn(root['target_parameters']),
    modulesToSave: textsIn(root['modules_to_save']),
    bias: textOf(root['bias']),
    baseModel: textOf(root['base_model_name_or_path']),
    initialisation: typeof root['init_lora_weights'] === 'boolean' ? root['init_lora_weights'] : textOf(root['init_lora_weights']),
    raw: root,
  };
}

/** Source: `save_config` and `linear_to_lora_layers` of mlx-lm. */
function fromMlx(root: JsonObject, shown: AdapterSettings): AdapterSettings {
  const parameters = isRecord(root['lora_parameters']) ? root['lora_parameters'] : {};
  const type = textOf(root['fine_tune_type']);
  const keys = textsIn(parameters['keys']);
  return {
    ...shown,
    format: 'mlx',
    kind: type === 'full' ? 'full-weight' : type === 'dora' ? 'DoRA' : shown.kind,
    rank: numberOf(parameters['rank']) ?? shown.rank,
    alpha: numberOf(parameters['alpha']),
    scale: numberOf(parameters['scale']),
    targetModules: keys.length > 0 ? keys : shown.targetModules,
    baseModel: textOf(root['model']),
    raw: root,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function numberFrom(text: string | undefined): number | null {
  return text === undefined || text.trim() === '' ? null : numberOf(Number(text));
}

function numbersIn(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
