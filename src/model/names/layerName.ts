/** The layer that a tensor belongs to, read from its name alone. */
export interface LayerName {
  /** Full name, `model.layers.12`; empty for tensors outside layers. */
  readonly layer: string;
  readonly layerIndex: number | null;
}

/** Where a tensor stands in its model. */
export interface TensorName extends LayerName {
  /** The part of the layer (or of the model) that holds it: `self_attn.q_proj`. A final `.weight` is dropped. */
  readonly module: string;
}

/** The name up to the first numbered segment of a stack: `layers.0`, `h.0`, `transformer_blocks.0`, `resblocks.0`, `blk.0` (GGUF)... */
const layerPath = /(?:^|\.)(?:[^.]*_)?(?:layers?|h|blocks?|blk|resblocks|stages?)\.(\d+)(?=\.|$)/;
/** Stacks so common that their layers are called just that. */
const plainStack = /^(?:(?:model|module|transformer|gpt_neox|language_model|base_model|backbone)\.)*(?:layers?|h|blocks?|blk|resblocks)$/;

/** The first part of `parseTensorName`, for a fraction of the time. */
export function layerOf(name: string): LayerName {
  const match = layerPath.exec(name);
  return match === null
    ? { layer: '', layerIndex: null }
    : { layer: name.slice(0, match.index + match[0].length), layerIndex: Number(match[1]) };
}

/**
 * Splits a tensor's name into layer and module. The first numbered segment of a layer stack decides; the numbers of
 * mixture-of-experts parts become `*`, so that all experts of a layer count as one module.
 */
export function parseTensorName(name: string): TensorName {
  const { layer, layerIndex } = layerOf(name);
  return { layer, layerIndex, module: moduleOf(layerIndex === null ? name : name.slice(layer.length + 1)) };
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

function moduleOf(path: string): string {
  const module = path.endsWith('.weight') ? path.slice(0, -'.weight'.length) : path;
  return !module.includes('experts.') ? module : module.replace(/(^|\.)experts\.\d+(?=\.|$)/g, '$1experts.*');
}
