/** Fine-tunes that are stored as a change to a base model's weights. */
export type { AdapterSettings } from './adapterSettings.js';
