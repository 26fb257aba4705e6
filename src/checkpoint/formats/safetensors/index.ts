import type { Format } from '../format.js';
import { headerSpan, readHeader } from './readHeader.js';
import { isHeaderStart } from './safetensorsHeader.js';

export { readHeader } from './readHeader.js';
export { parseSafetensorsHeader, type HeaderInput, type SafetensorsHeader } from './safetensorsHeader.js';

/** https://github.com/huggingface/safetensors#format */
export const safetensors: Format = {
  id: 'safetensors',
  name: 'safetensors',
  suffixes: ['.safetensors'],
  recognises: isHeaderStart,
  read: async (source, signal) => ({ ...(await readHeader(source, signal)), views: [], findings: [] }),
  descriptionSpans: async (source, signal) => [await headerSpan(source, signal)],
};
