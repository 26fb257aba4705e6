import type { Architecture } from './architecture.js';
import { ArchitectureError, scoreOutside } from './architectureError.js';
import { ConfigFields } from './configFields.js';
import { families } from './families/index.js';
import { quoteName } from '../../base/formatError.js';
import type { ModelSettings } from '../settings/index.js';

/** Fields by which a config says that a layer has several feed-forward parts of which tokens use some. */
const expertFields = ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts'];

/** Values of `model_type` that can be scored. */
export const supportedModelTypes: readonly string[] = Object.keys(families);

/**
 * Reads what is needed to build a model's graphs.
 *
 * @param file path of the `config.json`, for messages
 * @throws ArchitectureError when the family is not known, the weights are quantised, or a field is missing or cannot be true
 */
export function readArchitecture({ modelType, values, spellings }: ModelSettings, file: string): Architecture {
  const fields = new ConfigFields(values, file, spellings);
  if (modelType === null) throw fields.fault('model_type', 'a text');
  const family = Object.hasOwn(families, modelType) ? families[modelType] : undefined;
  if (family === undefined) throw unknownModelType(modelType, file);
  refuseQuantised(fields);
  refuseExperts(fields);
  return family(fields);
}

function unknownModelType(modelType: string, file: string): ArchitectureError {
  return new ArchitectureError({
    file,
    problem: `models of type ${quoteName(modelType)} cannot be scored directly`,
    expected: `model_type ${supportedModelTypes.join(', ')}`,
    actual: quoteName(modelType),
    remedy: scoreOutside,
  });
}

function refuseQuantised(fields: ConfigFields): void {
  if (fields.has('quantization_config'))
    throw fields.fault('quantization_config', 'weights that are not quantised', `Dequantise the checkpoint first. ${scoreOutside}`);
}

function refuseExperts(fields: ConfigFields): void {
  for (const field of expertFields)
    if (fields.has(field) && fields.size(field) > 1) throw fields.fault(field, 'a model without experts', scoreOutside);
}
