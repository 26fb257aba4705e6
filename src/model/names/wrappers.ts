/** Segments that are left in the names of what wraps modules while a model is trained, compiled or adapted. */
const wrappers: ReadonlySet<string> = new Set([
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
  '_orig_mod', // torch.compile
  'module', // DataParallel
  'base_layer', // these of PEFT
  'original_module',
  'modules_to_save',
]);
/** What PEFT puts before all names. */
const adapted = 'base_model.model.';
/** It says which adapter: `modules_to_save.default`. */
const savedModule = /(?<=^|\.)modules_to_save\.[^.]+(?=\.|$)/g;
/** Most names have no wrapper, which is told in a fraction of the time. */
const anyWrapper = new RegExp(`(?<=^|\\.)(?:${[...wrappers].join('|')})(?=\\.|$)`);
const none: readonly string[] = [];

/** A name without the segments of wrappers, and those that it had. */
export function unwrapName(name: string): { readonly name: string; readonly wrappers: readonly string[] } {
  const isAdapted = name.startsWith(adapted);
  if (!isAdapted && !anyWrapper.test(name)) return { name, wrappers: none };
  const inner = isAdapted ? name.slice(adapted.length) : name;
  const segments = (inner.includes('modules_to_save.') ? inner.replace(savedModule, 'modules_to_save') : inner).split('.');
  const found = segments.filter((segment) => wrappers.has(segment));
  const kept = segments.filter((segment) => !wrappers.has(segment));
  return { name: kept.join('.'), wrappers: isAdapted ? [...found, 'base_model.model'] : found };
}
