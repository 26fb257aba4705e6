import type { Architecture } from '../architecture.js';
import type { ConfigFields } from '../configFields.js';
import { llamaLike } from './llamaLike.js';

/** Reads the config of one family. */
export type Family = (config: ConfigFields) => Architecture;

/** Families by `model_type`. */
export const families: Readonly<Record<string, Family>> = {
  ...llamaLike,
};
