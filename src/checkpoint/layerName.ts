/** Where a tensor stands in its model, read from its name alone. */
export interface TensorName {
  /** The layer's full name, `model.layers.12`; empty for tensors outside layers. */
  readonly layer: string;
  readonly layerIndex: number | null;
  /** The part of the layer (or of the model) that holds it: `self_attn.q_proj`. A final `.weight` is dropped. */
  readonly module: string;
}

/** Segments that number the layers of a stack: `layers`, `h`, `block`, `transformer_blocks`, `resblocks`... */
const stackSegment = /^(?:.*_)?(?:layers?|h|blocks?|resblocks|stages?)$/;
/** Stacks so common that their layers are called just that. */
const plainStack = /^(?:(?:model|module|transformer|gpt_neox|language_model|base_model|backbone)\.)*(?:layers?|h|blocks?|resblocks)$/;
const index = /^\d+$/;

/**
 * Splits a tensor's name into layer and module. The first numbered segment of a layer stack decides; the numbers of
 * mixture-of-experts parts become `*`, so that all experts of a layer count as one module.
 */
export function parseTensorName(name: string): TensorName {
  const segments = name.split('.');
  const at = segments.findIndex((segment, place) => index.test(segment) && stackSegment.test(segments[place - 1] ?? ''));
  if (at === -1) return { layer: '', layerIndex: null, module: moduleOf(segments) };
  return {
    layer: segments.slice(0, at + 1).join('.'),
    layerIndex: Number(segments[at]),
    module: moduleOf(segments.slice(at + 1)),
  };
}

/**
 * A layer's name for people: `layer 12` for `model.layers.12`; where the name says which of several stacks it is, with
 * that stack (`encoder.block 3`); `outside layers` for the empty key.
 */
export function layerLabel(key: string): string {
  if (key === '') return 'outside layers';
  const dot = key.lastIndexOf('.');
  const stack = key.slice(0, Math.max(0, dot));
  const number = key.slice(dot + 1);
  return plainStack.test(stack) ? `layer ${number}` : `${stack.replace(/^model\./, '')} ${number}`;
}

function moduleOf(segments: readonly string[]): string {
  const kept = segments.length > 1 && segments.at(-1) === 'weight' ? segments.slice(0, -1) : segments;
  return kept.map((segment, place) => (kept[place - 1] === 'experts' && index.test(segment) ? '*' : segment)).join('.');
}
