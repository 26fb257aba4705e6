import { type PrefixRule } from '../../compare/index.js';
import type { InputTensor } from './inputTensors.js';
import type { OpenInput } from './openInputs.js';
import { applyPrefixMap, proposePrefixMap, rulesInUse } from '../../model/names/index.js';
import { vocabularyPart } from '../../model/vocabulary/index.js';

/** What an input has under the template's names. */
export interface MatchedInput {
  readonly input: OpenInput;
  /** The rules by which names were matched. */
  readonly prefixMap: readonly PrefixRule[];
  /** By the template's name. */
  readonly tensors: ReadonlyMap<string, InputTensor>;
  /** The template's output heads for which this input's embedding stands, because it ties them. */
  readonly tiedHeads: ReadonlySet<string>;
  /** Tensors that the template lacks. */
  readonly unmatched: readonly InputTensor[];
}

/** Finds each tensor of the template in an input: by its name, by the prefix map, or as a tied embedding. */
export function matchInput(template: OpenInput, input: OpenInput, prefixMap: readonly PrefixRule[] | null): MatchedInput {
  const { tensors } = template;
  const rules = input === template ? [] : (prefixMap ?? proposePrefixMap(tensors, input.tensors));
  const { found, unmatched } = matchByName(tensors, input.tensors, rules);
  const pairs = rules.length === 0 ? [] : [...found].map(([name, tensor]) => [name, tensor.name] as const);
  const tied = tieHeads(tensors, input, found);
  const withHeads = tied.size === 0 ? found : new Map([...found, ...tied]);
  return { input, prefixMap: rulesInUse(rules, pairs), tensors: withHeads, tiedHeads: new Set(tied.keys()), unmatched };
}

interface MatchedNames {
  readonly found: ReadonlyMap<string, InputTensor>;
  readonly unmatched: readonly InputTensor[];
}

const namedTensors = new WeakMap<readonly InputTensor[], ReadonlyMap<string, InputTensor>>();

/** One map for inputs that share their list of tensors. */
function byName(tensors: readonly InputTensor[]): ReadonlyMap<string, InputTensor> {
  const known = namedTensors.get(tensors);
  if (known !== undefined) return known;
  const named = new Map<string, InputTensor>();
  for (const tensor of tensors) named.set(tensor.name, tensor);
  namedTensors.set(tensors, named);
  return named;
}

/** By the exact name first. Versions that have the same names, as most do, need no more than one map. */
function matchByName(tensors: readonly InputTensor[], others: readonly InputTensor[], rules: readonly PrefixRule[]): MatchedNames {
  const exact = byName(others);
  if (exact.size === tensors.length && tensors.every(({ name }) => exact.has(name))) return { found: exact, unmatched: [] };
  const mapped = new Map(others.map((tensor) => [applyPrefixMap(tensor.name, rules), tensor]));
  const found = new Map<string, InputTensor>();
  for (const { name } of tensors) {
    const tensor = exact.get(name) ?? mapped.get(name);
    if (tensor !== undefined) found.set(name, tensor);
  }
  const used = new Set(found.values());
  return { found, unmatched: others.filter((tensor) => !used.has(tensor)) };
}

/**
 * A version that ties its embeddings stores one tensor for two uses. Where the template stores both, that tensor is the
 * source of both; it is never added twice to the same values.
 * @returns the head's source by its name
 */
function tieHeads(
  tensors: readonly InputTensor[],
  input: OpenInput,
  found: ReadonlyMap<string, InputTensor>,
): ReadonlyMap<string, InputTensor> {
  const heads = tensors.filter(({ name }) => vocabularyPart(name) === 'head' && !found.has(name));
  const embeddings = tensors.filter(({ name }) => vocabularyPart(name) === 'embedding' && !name.includes('per_layer'));
  const tied = new Map<string, InputTensor>();
  const stored = embeddings.length === 1 ? found.get(embeddings[0]!.name) : undefined;
  if (stored === undefined || input.checkpoint.config?.tiedEmbeddings === false) return tied;
  for (const { name, shape } of heads) {
    if (shape[1] === stored.shape[1]) tied.set(name, stored);
  }
  return tied;
}
