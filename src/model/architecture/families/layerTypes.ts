import type { ConfigFields } from '../configFields.js';

/** Which layers attend to a window only. */
export type LayerType = 'full_attention' | 'sliding_attention';

/**
 * The type of each layer: as `layer_types` says, else by the family's rule.
 *
 * @throws ArchitectureError when `layer_types` has another length than layers or an unknown type
 */
export function readLayerTypes(config: ConfigFields, layerCount: number, isSliding: (layer: number) => boolean): readonly LayerType[] {
  const stated = config.optionalTexts('layer_types', layerCount);
  if (stated === null) return Array.from({ length: layerCount }, (_, layer) => (isSliding(layer) ? 'sliding_attention' : 'full_attention'));
  return stated.map((type) => {
    if (type === 'full_attention' || type === 'sliding_attention') return type;
    throw config.fault('layer_types', 'only full_attention and sliding_attention');
  });
}
