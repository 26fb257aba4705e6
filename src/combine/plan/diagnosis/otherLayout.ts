import { quoteName } from '../../../base/formatError.js';
import { formatCount } from '../../../base/format.js';
import { isMost, missingNames, type Explanation } from './facts.js';

/** Weights that one model stores as several tensors and another as one. */
interface Division {
  readonly what: string;
  readonly apart: RegExp;
  readonly together: RegExp;
}

const divisions: readonly Division[] = [
  {
    what: 'the experts of a layer',
    apart: /\.experts\.\d+\./,
    together:
      /\.experts\.(?:gate_up_proj|gate_proj|up_proj|down_proj|w\d+)(?:\.weight|_blocks|_scales|_bias)?$|\.(?:input_linear|output_linear)\./,
  },
  {
    what: 'query, key and value',
    apart: /[._](?:q_proj|q_lin|query|wq|to_q)\b/,
    together: /[._](?:qkv_proj|qkv|query_key_value|c_attn|w_?qkv|in_proj(?:_weight)?|to_qkv)\b/i,
  },
  { what: 'gate and up projection', apart: /\.(?:gate_proj|w1)\./, together: /\.(?:gate_up_proj|gate_up|w13|wi_fused)\./ },
];

/** The same weights in other pieces: fused on one side. */
export const explainDivision: Explanation = (facts) => {
  const missing = missingNames(facts);
  for (const { what, apart, together } of divisions) {
    const [own, other] = [find(missing, apart, together), find(facts.unmatched, apart, together)];
    if (own === null || other === null || own.isApart === other.isApart) continue;
    const { template, input } = facts;
    const [joined, divided] = own.isApart ? [other, own] : [own, other];
    const [joiner, divider] = own.isApart ? [input.role, template.role] : [template.role, input.role];
    const message = `${joiner} stores ${what} in one tensor (${quoteName(joined.name)}), ${divider} in several (${quoteName(divided.name)}), and the parts do not fit together. Load and save both with one version of transformers, so that they are stored alike.`;
    return { severity: 'error', code: 'stored-in-other-parts', message, file: input.checkpoint.path };
  }
  return null;
};

function find(names: readonly string[], apart: RegExp, together: RegExp): { readonly name: string; readonly isApart: boolean } | null {
  const divided = names.find((name) => apart.test(name));
  if (divided !== undefined) return { name: divided, isApart: true };
  const joined = names.find((name) => together.test(name));
  return joined === undefined ? null : { name: joined, isApart: false };
}

/** Hardly a name in common: files of another library, or of another model. */
export const explainNames: Explanation = (facts) => {
  const { template, input, fitting, unmatched } = facts;
  const missing = missingNames(facts);
  if (!isMost(missing.length, missing.length + fitting.length) || unmatched.length < missing.length / 2) return null;
  const [theirs, own] = [typical(unmatched), typical(missing)];
  const message = `Only ${formatCount(fitting.length)} of ${formatCount(fitting.length + missing.length)} tensors of ${template.role} have a counterpart in ${input.role}: its names follow another scheme (${quoteName(theirs)} where ${template.role} has ${quoteName(own)}). Convert one of them to the names of the other, or say which belong together with name rules (--map), or a prefix map if only prefixes differ.`;
  return { severity: 'error', code: 'names-differ', message, file: input.checkpoint.path };
};

/** A name from the middle, where the layers are. */
function typical(names: readonly string[]): string {
  return names[Math.floor(names.length / 2)] ?? '';
}
