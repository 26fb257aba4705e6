import { listTensors, type Finding } from '../../checkpoint/index.js';
import type { Model } from '../model.js';
import { checkConfig } from './checkConfig.js';
import { checkListed, checkOutliers } from './checkDtypes.js';
import { checkLayers } from './checkLayers.js';

/** Everything odd about what a checkpoint means, as far as names, shapes and config.json show it; no weights are read. */
export function checkHealth(model: Model): Finding[] {
  const { path, parameters, buffers, config } = model;
  const tensors = listTensors(model);
  // Files of blocks mix their types on purpose: there, only what is no block among blocks is odd.
  const stored = [...model.tensors, ...model.scattered];
  const whole = isPart(model) ? [] : [...checkLayers(path, tensors, config), ...checkConfig(path, parameters, config)];
  const plain = [...parameters.flatMap(({ storage }) => (storage.kind === 'stored' ? storage.tensor : [])), ...buffers];
  return [...whole, ...checkOutliers(path, stored), ...checkListed(path, plain)];
}

/** A single shard or an adapter does not hold the whole model, so counting its layers says nothing. */
function isPart({ findings, adapter }: Pick<Model, 'findings' | 'adapter'>): boolean {
  return adapter !== null || findings.some(({ code }) => code === 'one-shard');
}
