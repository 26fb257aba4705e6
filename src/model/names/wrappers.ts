/** What wraps modules while a model is trained or compiled, and leaves a segment in the names of what it wraps. */
export interface Wrapper {
  readonly segment: string;
  /** What leaves it: `FSDP`. */
  readonly by: string;
  /** How to save the model without it, as a sentence. */
  readonly remedy: string;
}

const unwrapping = (attribute: string): string => `Save the state of \`${attribute}\` instead.`;

const merging = 'Save the merged model: model.merge_and_unload().save_pretrained(OUT).';

export const wrappers: readonly Wrapper[] = [
  {
    segment: '_fsdp_wrapped_module',
    by: 'FSDP',
    remedy: 'Save the full state of the model: accelerator.get_state_dict(model), or FSDP.state_dict_type(model, FULL_STATE_DICT).',
  },
  {
    segment: '_checkpoint_wrapped_module',
    by: 'activation checkpointing',
    remedy: 'Save the state of the model before it is wrapped, or load it into the unwrapped model and save that.',
  },
  { segment: '_orig_mod', by: 'torch.compile', remedy: unwrapping('model._orig_mod') },
  { segment: 'module', by: 'DataParallel', remedy: unwrapping('model.module') },
  { segment: 'base_layer', by: 'an adapter of PEFT', remedy: merging },
  { segment: 'original_module', by: 'an adapter of PEFT', remedy: merging },
  { segment: 'modules_to_save', by: 'an adapter of PEFT', remedy: merging },
  { segment: 'base_model.model', by: 'an adapter of PEFT', remedy: merging },
];

const bySegment = new Map(wrappers.map((wrapper) => [wrapper.segment, wrapper]));

/** Segments that say which adapter: `modules_to_save.default`. */
const savedModule = /(?<=^|\.)modules_to_save\.[^.]+(?=\.|$)/g;
const adapted = 'base_model.model.';
/** Most names have no wrapper, which is told in a fraction of the time. */
const anyWrapper = new RegExp(`(?<=^|\\.)(?:${wrappers.map(({ segment }) => segment).join('|')})(?=\\.|$)`);
const none: readonly Wrapper[] = [];

/** A name without the segments of wrappers, and those that it had. */
export function unwrapName(name: string): { readonly name: string; readonly wrappers: readonly Wrapper[] } {
  const isAdapted = name.startsWith(adapted);
  if (!isAdapted && !anyWrapper.test(name)) return { name, wrappers: none };
  const inner = isAdapted ? name.slice(adapted.length) : name;
  const segments = (inner.includes('modules_to_save.') ? inner.replace(savedModule, 'modules_to_save') : inner).split('.');
  const found = segments.flatMap((segment) => bySegment.get(segment) ?? []);
  const all = isAdapted ? [...found, bySegment.get('base_model.model')!] : found;
  return { name: segments.filter((segment) => !bySegment.has(segment)).join('.'), wrappers: all };
}
