import type { Checkpoint } from '../../checkpoint/index.js';

/** What a GGUF file says of its model beside the tensors. */
export interface GgufFacts {
  /** `general.architecture`: llama.cpp's name of the model's family. */
  readonly architecture: string;
  /** `general.type`: `model`, `adapter`, `mmproj`… */
  readonly type: string;
  /** Keys and values as text, arrays as JSON. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @returns null for other formats, and for files without an architecture */
export function ggufFactsOf({ shards }: Pick<Checkpoint, 'shards'>): GgufFacts | null {
  const described = shards.find(({ format, metadata }) => format === 'gguf' && metadata['general.architecture'] !== undefined);
  if (described === undefined || shards.some(({ format }) => format !== 'gguf')) return null;
  const { metadata } = described;
  return { architecture: metadata['general.architecture']!, type: metadata['general.type'] ?? 'model', metadata };
}

/** A value of the architecture's own keys: `llama.attention.head_count`. Null where the file has none, or it is no JSON value. */
export function architectureValue({ architecture, metadata }: GgufFacts, key: string): unknown {
  return valueOf(metadata, `${architecture}.${key}`);
}

/** A value of the metadata: numbers, booleans and arrays as such, texts as they are. */
export function valueOf(metadata: GgufFacts['metadata'], key: string): unknown {
  const text = Object.hasOwn(metadata, key) ? metadata[key]! : null;
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A number that holds for a layer: the one of all layers, or that layer's own. */
export function layerNumber(facts: GgufFacts, key: string, layer: number): number | null {
  const value = architectureValue(facts, key);
  const own: unknown = Array.isArray(value) ? value[layer] : value;
  return typeof own === 'number' ? own : null;
}
