import type { AdapterSettings } from './adapterSettings.js';

/** What PEFT puts before the names of the model that it wraps, once for each time it is wrapped. */
const wrapper = /^(?:base_model\.model\.)+/;
/** What PEFT puts between a module that it wraps and its members. */
const inner = /\.(?:base_layer|modules_to_save(?:\.default)?|original_module|token_adapter)(?=\.|$)/g;

/** The base's name of a module or tensor of an adapter. */
export function baseName(name: string): string {
  return name.replace(wrapper, '').replaceAll(inner, '');
}

/** How many adapted parameters of the same module lie within this one. PEFT nests a wrapper for each. */
export function nestingOf(module: string): number {
  return module.split('.').filter((segment) => segment === 'base_layer').length;
}

/**
 * Whether a name is what a key of a pattern means: the key is its end, or fits it as an expression. Null where the key is an
 * expression that is not tried: a stranger's could take for ever. Source: `get_pattern_key` of peft.
 */
function fits(key: string, name: string): boolean | null {
  if (name === key || name.endsWith(`.${key}`)) return true;
  if (!isTame(key)) return null;
  try {
    return new RegExp(`^(?:.*\\.)?(?:${key})$`).test(name);
  } catch {
    return null;
  }
}

/** Few characters, few wildcards, and none of them repeated. */
function isTame(expression: string): boolean {
  const wildcards = expression.match(/[*+]/g)?.length ?? 0;
  return wildcards <= 2 && /^[\w.\\^$*+?|()[\]-]{1,200}$/.test(expression) && !/[*+?)]\s*[*+]/.test(expression);
}

/** The value of the first key that means a name; null when none does. @throws UnreadPattern */
export function patternValue(pattern: Readonly<Record<string, number>>, name: string): number | null {
  for (const [key, value] of Object.entries(pattern)) {
    const isMeant = fits(key, name);
    if (isMeant === null) throw new UnreadPattern(key);
    if (isMeant) return value;
  }
  return null;
}

/** A key of a pattern that is not understood: which modules it means is unknown. */
export class UnreadPattern extends Error {
  override readonly name = 'UnreadPattern';

  constructor(readonly pattern: string) {
    super(`the expression "${pattern}" in its settings is not tried`);
  }
}

/**
 * Parameters of a module that PEFT adapts without a module of their own (`target_parameters`), innermost wrapper first: modules
 * register what goes into a block of experts before what comes out of it. Empty for modules that are adapted by their weight.
 */
export function targetedParameters(module: string, { targetParameters }: AdapterSettings): readonly string[] {
  const leaves = targetParameters.flatMap((target) => {
    const [, owner = '', leaf = target] = /^(.*)\.([^.]+)$/.exec(target) ?? [];
    return owner === '' || module === owner || module.endsWith(`.${owner}`) ? [leaf] : [];
  });
  return [...new Set(leaves)].sort(
    (one, other) => Number(one.startsWith('down')) - Number(other.startsWith('down')) || (one < other ? -1 : 1),
  );
}
