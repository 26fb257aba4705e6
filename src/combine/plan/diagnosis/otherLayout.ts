import { quoteName } from '../../../base/formatError.js';
import { formatCount } from '../../../base/format.js';
import { isMost, missingNames, type Explanation, type FitFacts } from './facts.js';

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
    const message = `${joiner} stores ${what} in one tensor (${quoteName(joined.name)}), ${divider} in several (${quoteName(divided.name)}), so that they are not matched. Load and save both with one version of transformers, so that they are stored alike.`;
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

/** Shapes that are each other's reverse: GPT-2's Conv1D against Linear, experts in the other orientation. */
export const explainTransposed: Explanation = ({ input, template, mismatches, unplaced }) => {
  const shapes = mismatches.filter(({ kind }) => kind === 'shape');
  const transposed = shapes.filter(({ tensor }) => isTransposed(shapeIn(template, tensor), shapeIn(input, tensor)));
  const [first] = transposed;
  if (first === undefined || !isMost(transposed.length, mismatches.length + unplaced.length)) return null;
  const message = `${formatCount(transposed.length)} of the tensors of ${input.role} have the shapes of ${template.role} reversed (${quoteName(first.tensor)}: ${first.reason}): one of them stores these weights transposed, as Conv1D does and Linear does not. Load and save both with one version of transformers, so that they are stored alike.`;
  return { severity: 'error', code: 'stored-transposed', message, tensor: first.tensor, file: input.checkpoint.path };
};

function shapeIn({ tensors }: FitFacts['input'], name: string): readonly number[] {
  return tensors.find((tensor) => tensor.name === name || tensor.name.endsWith(`.${name}`))?.shape ?? [];
}

function isTransposed(one: readonly number[], other: readonly number[]): boolean {
  return one.length > 1 && one.length === other.length && one.at(-1) === other.at(-2) && one.at(-2) === other.at(-1);
}

/** Hardly a name in common: files of another library, or of another model. */
export const explainNames: Explanation = (facts) => {
  const { template, input, fitting, unmatched } = facts;
  const missing = missingNames(facts);
  if (!isMost(missing.length, missing.length + fitting.length) || unmatched.length < missing.length / 2) return null;
  const [theirs, own] = [typical(unmatched), typical(missing)];
  const message = `Only ${formatCount(fitting.length)} of ${formatCount(fitting.length + missing.length)} tensors of ${template.role} have a counterpart in ${input.role}: its names follow another scheme (${quoteName(theirs)} where ${template.role} has ${quoteName(own)}). Convert one of them to the names of the other, or give a prefix map if only prefixes differ.`;
  return { severity: 'error', code: 'names-differ', message, file: input.checkpoint.path };
};

/** A name from the middle, where the layers are. */
function typical(names: readonly string[]): string {
  return names[Math.floor(names.length / 2)] ?? '';
}
