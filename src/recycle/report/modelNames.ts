import type { ModelRole } from '../file/lineage.js';

/** What the models of a release are called. */
export const modelNames: Readonly<Record<ModelRole, string>> = {
  base: 'base',
  start: 'start checkpoint',
  finetuned: 'fine-tuned version',
  plain: 'plain fine-tune',
};
