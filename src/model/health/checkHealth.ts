import { basename } from 'node:path';
import { numberedShard, type Checkpoint, type Finding, type Tensor } from '../../checkpoint/index.js';
import { parseTensorName } from '../names/index.js';
import type { ModelConfig } from '../settings/index.js';
import { checkConfig } from './checkConfig.js';
import { checkDtypes } from './checkDtypes.js';
import { checkLayers } from './checkLayers.js';

/** Everything odd about what a checkpoint means, as far as names, shapes and config.json show it; no weights are read. */
export function checkHealth({ path, tensors }: Checkpoint, config: ModelConfig | null): Finding[] {
  const places = tensors.map(({ name }) => parseTensorName(name));
  const whole = isPart(path, tensors) ? [] : [...checkLayers(path, places, config), ...checkConfig(path, tensors, config)];
  return [...whole, ...checkDtypes(path, tensors, places)];
}

/** A single shard or an adapter does not hold the whole model, so counting its layers says nothing. */
function isPart(path: string, tensors: readonly Tensor[]): boolean {
  return numberedShard.test(basename(path)) || tensors.some(({ name }) => /(?:^|[._])lora_/i.test(name));
}
