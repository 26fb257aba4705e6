import type { ConfigFields } from './configFields.js';

/** Which layers attend to a window only. */
export const layerTypes = ['full_attention', 'sliding_attention'] as const;
export type LayerType = (typeof layerTypes)[number];

/**
 * The type of each layer.
 *
 * @throws ArchitectureError when `layer_types` has another length than layers or an unknown type
 */
export function readLayerTypes(config: ConfigFields, layerCount: number): readonly LayerType[] {
  return config.texts('layer_types', layerCount).map((stated) => {
    const type = layerTypes.find((known) => known === stated);
    if (type === undefined) throw config.fault('layer_types', 'only full_attention and sliding_attention');
    return type;
  });
}
