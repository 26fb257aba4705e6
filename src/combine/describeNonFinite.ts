import { inLayerOrder } from './planSummary.js';
import type { RoundingByLayer } from './run/rounding.js';
import { formatCount, plural } from '../base/format.js';

const mostLayers = 6;

/**
 * `5 of the numbers written are NaN or infinite, 3 of them too large for the dtype: layer 2, layer 7.` Null when all are
 * finite.
 */
export function describeNonFinite({ total: { nonFiniteCount, overflowCount }, layers }: RoundingByLayer): string | null {
  if (nonFiniteCount === 0) return null;
  const names = inLayerOrder(layers)
    .filter((layer) => layer.nonFiniteCount > 0)
    .map(({ layer }) => layer);
  const rest = names.length > mostLayers ? ` and ${plural(names.length - mostLayers, 'more layer')}` : '';
  const overflows = overflowCount === 0 ? '' : `, ${formatCount(overflowCount)} of them because they are too large for the dtype`;
  return `${plural(nonFiniteCount, 'written number')} ${nonFiniteCount === 1 ? 'is' : 'are'} NaN or infinite${overflows}: ${names.slice(0, mostLayers).join(', ')}${rest}.`;
}
