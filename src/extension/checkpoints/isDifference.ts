import { whyNotAdded } from '../../model/adapters/index.js';
import type { Model } from '../../model/index.js';
import { diffVectorFacts } from '../transfer/combineRoom.js';

/** Whether a model is a difference by itself: a saved diff vector, or an adapter that only adds. */
export function isDifference(model: Model): boolean {
  if (model.adapter === null) return diffVectorFacts(model) !== null;
  return whyNotAdded(model.parameters, model.adapter) === null;
}
