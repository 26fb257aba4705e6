import type { Finding } from '../../checkpoint/index.js';
import { isDeepStrictEqual } from 'node:util';
import type { OpenInput } from './openInputs.js';

/** Fields of `config.json` that say what the weights mean although they do not show in any shape. */
const structural = [
  'num_attention_heads',
  'num_key_value_heads',
  'head_dim',
  'n_head',
  'num_heads',
  'num_experts_per_tok',
  'hidden_act',
  'activation_function',
];
/** Fields that may differ between releases of one model: the target's are used. */
const adjustable = [
  'rope_theta',
  'rope_scaling',
  'rope_parameters',
  'rms_norm_eps',
  'layer_norm_epsilon',
  'sliding_window',
  'partial_rotary_factor',
];

function unreadableConfig({ role, folder }: OpenInput): Finding {
  const message = `${role} has no config.json: that it is of the same architecture shows in its tensors alone.`;
  return { severity: 'info', code: 'config-unreadable', message, file: folder };
}

/** Where an input is of another architecture than the template: reasons to refuse. */
export function architectureRefusals(template: OpenInput, inputs: readonly OpenInput[]): Finding[] {
  return inputs.flatMap((input) => {
    const difference = typeDifference(template, input) ?? fieldDifference(template, input, structural);
    if (difference === null) return [];
    const message = `${input.role} is of another architecture than ${template.role}: ${difference}. Choose versions of one architecture, or skip mismatched tensors to combine whatever fits.`;
    return [{ severity: 'error', code: 'architecture-differs', message }];
  });
}

/** Settings of the model code that differ though the architecture is one, or that cannot be compared. */
export function configFindings(template: OpenInput, inputs: readonly OpenInput[]): Finding[] {
  return inputs.flatMap((input) => {
    if (input.config === null && template.config !== null) return [unreadableConfig(input)];
    const difference = fieldDifference(template, input, adjustable);
    if (difference === null) return [];
    return [
      {
        severity: 'info',
        code: 'config-differs',
        message: `${input.role} was made with other settings than ${template.role}: ${difference}. The output has those of ${template.role}.`,
      },
    ];
  });
}

function typeDifference(template: OpenInput, input: OpenInput): string | null {
  const [own, other] = [template.checkpoint.config?.modelType, input.checkpoint.config?.modelType];
  return own && other && own !== other ? `${other} instead of ${own}` : null;
}

function fieldDifference(template: OpenInput, input: OpenInput, fields: readonly string[]): string | null {
  const differing = fields.find((field) => {
    const [own, other] = [fieldOf(template, field), fieldOf(input, field)];
    return own !== undefined && other !== undefined && own !== null && other !== null && !isDeepStrictEqual(own, other);
  });
  if (differing === undefined) return null;
  return `${differing} is ${JSON.stringify(fieldOf(input, differing))} instead of ${JSON.stringify(fieldOf(template, differing))}`;
}

function fieldOf({ config }: OpenInput, field: string): unknown {
  const nested = config?.['text_config'] as Record<string, unknown> | undefined;
  return config?.[field] ?? nested?.[field];
}
