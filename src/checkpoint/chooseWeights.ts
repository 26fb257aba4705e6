import { formats, type FormatId } from './formats/index.js';
import { isTrainingState } from './trainingState.js';
import { isUsable, type WeightSet } from './weightSets.js';

/** What a folder's other files say about which of its weights are the model. */
export interface FolderClues {
  /** File that `config.json` names as `transformers_weights`, which `transformers` opens before any other. */
  readonly named: string | null;
  readonly hasAdapterConfig: boolean;
  /** `params.json` of Mistral's own format lies there. */
  readonly hasParams: boolean;
}

/** Which of a folder's sets opening the folder opens. */
export type Choice =
  | { readonly kind: 'one'; readonly set: WeightSet }
  /** What loaders look for is there, and cannot be used. */
  | { readonly kind: 'unusable'; readonly set: WeightSet }
  /** Nothing says which is meant. */
  | { readonly kind: 'several'; readonly sets: readonly WeightSet[] }
  | { readonly kind: 'none' };

/** A name that a library looks for, and whether it takes a single file or an index first where both are there. */
interface Convention {
  readonly stem: string;
  readonly format: FormatId;
  readonly first: 'file' | 'index';
  readonly applies?: (clues: FolderClues) => boolean;
}

/**
 * In order of precedence. Sources: `_get_resolved_checkpoint_files` of transformers 5.24, `ModelMixin.from_pretrained` of
 * diffusers 0.42, `load_adapters` of mlx-lm 0.32, the READMEs of mistral-inference and llama.
 */
const conventions: readonly Convention[] = [
  { stem: 'model', format: 'safetensors', first: 'file' },
  { stem: 'diffusion_pytorch_model', format: 'safetensors', first: 'index' },
  { stem: 'pytorch_model', format: 'pytorch', first: 'file' },
  { stem: 'diffusion_pytorch_model', format: 'pytorch', first: 'index' },
  { stem: 'adapter_model', format: 'safetensors', first: 'file' },
  { stem: 'adapter_model', format: 'pytorch', first: 'file' },
  { stem: 'pytorch_lora_weights', format: 'safetensors', first: 'file' },
  { stem: 'pytorch_lora_weights', format: 'pytorch', first: 'file' },
  { stem: 'adapters', format: 'safetensors', first: 'file', applies: ({ hasAdapterConfig }) => hasAdapterConfig },
  { stem: 'model', format: 'numpy', first: 'file' },
  { stem: 'weights', format: 'numpy', first: 'file' },
  { stem: 'adapters', format: 'numpy', first: 'file', applies: ({ hasAdapterConfig }) => hasAdapterConfig },
  { stem: 'consolidated', format: 'safetensors', first: 'file', applies: ({ hasParams }) => hasParams },
  { stem: 'consolidated.00', format: 'pytorch', first: 'file', applies: ({ hasParams }) => hasParams },
];

/** Decides as the libraries would that load the folder; where none of them can tell, nothing is guessed. */
export function chooseWeights(sets: readonly WeightSet[], clues: FolderClues): Choice {
  const named = sets.find(({ files, index }) => clues.named !== null && (files[0] === clues.named || index?.name === clues.named));
  if (named !== undefined) return isUsable(named) ? { kind: 'one', set: named } : { kind: 'unusable', set: named };
  const matching = conventions.filter((candidate) => sets.some((set) => isNamedBy(candidate, set)) && candidate.applies?.(clues) !== false);
  const convention = beforeUnindexed(matching, sets);
  if (convention !== undefined) return chooseOfStem(sets, convention);
  return chooseOfAny(preferred(sets.filter((set) => !isTrainingState(set.stem))));
}

/** As `chooseWeights` among sets of one stem, which may be a variant of what a library looks for (`model.fp16`). */
export function chooseVariant(all: readonly WeightSet[]): Choice {
  const sets = preferred(all);
  const [{ stem, format } = { stem: '', format: null }] = sets;
  const convention = conventions.find(
    (candidate) => format === candidate.format && (stem === candidate.stem || stem.startsWith(`${candidate.stem}.`)),
  );
  return convention === undefined || sets.some((set) => set.stem !== stem) ? oneOf(sets) : chooseOfStem(sets, { ...convention, stem });
}

function isNamedBy({ stem, format }: Convention, set: WeightSet): boolean {
  return set.stem === stem && set.format === format;
}

/** Shards without an index are looked for by few loaders: transformers opens PyTorch's files then, where there are some. */
function beforeUnindexed(matching: readonly Convention[], sets: readonly WeightSet[]): Convention | undefined {
  const isIndexed = (convention: Convention): boolean => sets.some((set) => isNamedBy(convention, set) && set.kind !== 'shards');
  const [first] = matching;
  if (first === undefined || isIndexed(first)) return first;
  return matching.find((convention) => convention.format === 'pytorch' && isIndexed(convention)) ?? first;
}

/** The same model often lies there in several formats: those of the first that loaders look for, safetensors. */
function preferred(sets: readonly WeightSet[]): readonly WeightSet[] {
  const format = formats.find(({ id }) => sets.some((set) => set.format === id && isUsable(set)));
  return format === undefined ? sets : sets.filter((set) => set.format === format.id);
}

/** Of the sets that a library looks for: the one it opens, else the only one that is whole. */
function chooseOfStem(sets: readonly WeightSet[], convention: Convention): Choice {
  const { first } = convention;
  const own = sets.filter((set) => isNamedBy(convention, set));
  const wanted = [first, first === 'file' ? 'index' : 'file'].flatMap((kind) => own.filter((set) => set.kind === kind));
  const [found] = wanted;
  if (found !== undefined && isUsable(found)) return { kind: 'one', set: found };
  if (found?.index?.reading instanceof Error) return { kind: 'unusable', set: found };
  const whole = own.filter((set) => isUsable(set) && set.missing.length === 0);
  if (whole.length > 0) return oneOf(whole);
  if (found !== undefined) return inPlaceOf(found, sets);
  return oneOf(own);
}

/** An index none of whose shards is there is of another save, where the folder holds one whole checkpoint; else its download did not end. */
function inPlaceOf(stale: WeightSet, sets: readonly WeightSet[]): Choice {
  const whole = oneOf(plain(sets.filter((set) => isUsable(set) && set.missing.length === 0)));
  return whole.kind === 'one' && !isUnfinished(stale) ? whole : { kind: 'unusable', set: stale };
}

function chooseOfAny(sets: readonly WeightSet[]): Choice {
  const usable = sets.filter(isUsable);
  const unusable = sets.find((set) => !isUsable(set) && (usable.length === 0 || isUnfinished(set)));
  const whole = usable.filter(({ missing }) => missing.length === 0);
  const choice = oneOf(plain(whole.length > 0 ? whole : usable));
  return unusable === undefined || choice.kind === 'several' ? choice : { kind: 'unusable', set: unusable };
}

/** A file or an index that is there and cannot be read, or an index some of whose shards are there: the rest may be on its way. */
function isUnfinished({ kind, files, index }: WeightSet): boolean {
  return files.length > 0 || kind === 'file' || index?.reading instanceof Error;
}

/** Without variants of others among them: `unet.fp16` beside `unet`. */
function plain(sets: readonly WeightSet[]): readonly WeightSet[] {
  return sets.filter(({ stem }) => !sets.some((other) => stem.startsWith(`${other.stem}.`)));
}

function oneOf(sets: readonly WeightSet[]): Choice {
  const [only, ...others] = sets;
  if (only === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'one', set: only } : { kind: 'several', sets };
}
