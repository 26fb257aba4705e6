import { basename } from 'node:path';
import type { Tensor } from '../checkpoint.js';
import type { OpenShard, RepeatedTensor } from '../collectTensors.js';
import type { ModelConfig } from '../config.js';
import type { Finding } from '../finding.js';
import { parseTensorName } from '../layerName.js';
import { numberedShard } from '../locateWeights.js';
import type { ShardIndex } from '../shardIndex.js';
import { checkConfig } from './checkConfig.js';
import { checkDtypes } from './checkDtypes.js';
import { checkIndex, checkRepeated } from './checkIndex.js';
import { checkLayers } from './checkLayers.js';

/** What is known of a checkpoint once all headers are read. */
export interface HealthInput {
  /** What the user opened. */
  readonly path: string;
  readonly opened: readonly OpenShard[];
  readonly tensors: readonly Tensor[];
  readonly repeated: readonly RepeatedTensor[];
  readonly index: ShardIndex | null;
  readonly config: ModelConfig | null;
}

/** Everything odd about a checkpoint that its headers, index and config show; no weights are read. */
export function checkHealth(input: HealthInput): Finding[] {
  const { path, tensors, config, index } = input;
  const places = tensors.map(({ name }) => parseTensorName(name));
  const whole = isPart(path, tensors) ? [] : [...checkLayers(path, places, config), ...checkConfig(path, tensors, config)];
  return [
    ...checkEmpty(path, tensors),
    ...checkRepeated(input.opened, input.repeated),
    ...(index === null ? [] : checkIndex(index, input.opened)),
    ...whole,
    ...checkDtypes(path, tensors, places),
  ];
}

/** A single shard or an adapter does not hold the whole model, so counting its layers says nothing. */
function isPart(path: string, tensors: readonly Tensor[]): boolean {
  return numberedShard.test(basename(path)) || tensors.some(({ name }) => /(?:^|[._])lora_/i.test(name));
}

function checkEmpty(path: string, tensors: readonly Tensor[]): Finding[] {
  if (tensors.length > 0) return [];
  return [{ severity: 'warning', code: 'no-tensors', message: 'The file is valid but holds no tensors.', file: path }];
}
