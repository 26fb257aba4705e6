import { plural } from '../../base/format.js';
import { andList } from '../../base/nameList.js';
import { leafOf } from '../names/index.js';
import type { AdapterSettings } from './adapterSettings.js';

const maxModules = 8;
const maxPatterns = 3;

/** `LoRA adapter (PEFT) of rank 8`. */
export function adapterTitle({ kind, format, rank }: AdapterSettings): string {
  const by = format === 'other' ? '' : ` (${format === 'peft' ? 'PEFT' : 'MLX'})`;
  return `${kind}${kind.endsWith('adapter') ? '' : ' adapter'}${by}${rank === null ? '' : ` of rank ${rank}`}`;
}

/** What an adapter is, as label and value. Only what is known. */
export function describeAdapter(adapter: AdapterSettings): readonly (readonly [label: string, value: string])[] {
  const { rank, alpha, scale, usesRslora, targetModules, targetParameters, modulesToSave, wholeTensors, bias, baseModel, initialisation } =
    adapter;
  const facts: readonly (readonly [string, string | null])[] = [
    ['kind', adapter.kind],
    ['rank', rank === null ? null : withPattern(rank, adapter.rankPattern)],
    ['alpha', alpha === null ? null : `${withPattern(alpha, adapter.alphaPattern)}${usesRslora ? ', scaled by 1/√rank (rsLoRA)' : ''}`],
    ['scale', scale === null ? null : String(scale)],
    ['modules', typeof targetModules === 'string' ? `/${targetModules}/` : describeModules(targetModules ?? [])],
    ['parameters', listOrNull(targetParameters)],
    ['saved whole', listOrNull(modulesToSave) ?? (wholeTensors.length === 0 ? null : plural(wholeTensors.length, 'tensor'))],
    ['biases', bias === 'none' ? null : bias],
    ['initialised by', typeof initialisation === 'string' ? initialisation : null],
    ['base model', baseModel],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

function withPattern(value: number, pattern: Readonly<Record<string, number>>): string {
  const exceptions = Object.entries(pattern).map(([module, own]) => `${own} for ${module}`);
  if (exceptions.length === 0) return String(value);
  const rest = exceptions.length - maxPatterns;
  return `${value} (${exceptions.slice(0, maxPatterns).join(', ')}${rest > 0 ? ` and ${rest} more` : ''})`;
}

/** Where there are many, by their last segments. */
function describeModules(names: readonly string[]): string | null {
  return listOrNull(names.length <= maxModules ? names : [...new Set(names.map(leafOf))]);
}

function listOrNull(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const rest = names.length - maxModules;
  return rest > 0 ? `${names.slice(0, maxModules).join(', ')} and ${rest} more` : andList(names);
}

/** What to do with an adapter where a model is needed, as a sentence. */
export function mergeRemedy({ format, baseModel }: AdapterSettings): string {
  const base = baseModel ?? 'BASE';
  switch (format) {
    case 'peft':
      return `Merge it into its base first: PeftModel.from_pretrained(base, ADAPTER).merge_and_unload().save_pretrained(OUT) in peft, with ${base} as base.`;
    case 'mlx':
      return `Merge it into its base first: mlx_lm.fuse --model ${base} --adapter-path ADAPTER --save-path OUT.`;
    case 'other':
      return 'Merge it into its base first, with the tool that made it.';
    default:
      return format satisfies never;
  }
}
