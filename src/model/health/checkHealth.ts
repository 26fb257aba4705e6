import type { Checkpoint, Finding } from '../../checkpoint/index.js';
import { parseTensorName } from '../names/index.js';
import type { ModelConfig } from '../settings/index.js';
import { checkConfig } from './checkConfig.js';
import { checkDtypes } from './checkDtypes.js';
import { checkLayers } from './checkLayers.js';

/** Everything odd about what a checkpoint means, as far as names, shapes and config.json show it; no weights are read. */
export function checkHealth(checkpoint: Checkpoint, config: ModelConfig | null): Finding[] {
  const { path, tensors } = checkpoint;
  const places = tensors.map(({ name }) => parseTensorName(name));
  const whole = isPart(checkpoint) ? [] : [...checkLayers(path, places, config), ...checkConfig(path, tensors, config)];
  return [...whole, ...checkDtypes(path, tensors, places)];
}

/** A single shard or an adapter does not hold the whole model, so counting its layers says nothing. */
function isPart({ tensors, findings }: Checkpoint): boolean {
  return findings.some(({ code }) => code === 'one-shard') || tensors.some(({ name }) => /(?:^|[._])lora_/i.test(name));
}
