import { formatCount } from '../../../base/format.js';
import { unwrapName, type Wrapper } from '../../../model/names/index.js';
import { isMost, missingNames, type Explanation } from './facts.js';

/** Names that would fit but for the segments that FSDP, torch.compile, PEFT and others put into them. */
export const explainWrapped: Explanation = (facts) => {
  const { template, input, unmatched } = facts;
  const missing = new Set(missingNames(facts));
  const fitting = unmatched.filter((name) => missing.has(unwrapName(name).name) || missing.has(stripModel(unwrapName(name).name)));
  const found = fitting.length > 0 ? mostFrequent(fitting.flatMap((name) => unwrapName(name).wrappers)) : null;
  const side =
    found === null ? explainWrappedTemplate(facts) : { role: input.role, other: template.role, wrapper: found, count: fitting.length };
  if (side === null || !isMost(side.count, Math.min(missing.size, unmatched.length))) return null;
  const { role, other, wrapper, count } = side;
  const message = `${role} was saved with a wrapper around its modules: "${wrapper.segment}", left by ${wrapper.by}, stands in ${formatCount(count)} of its names, which therefore fit none of ${other}. ${wrapper.remedy}`;
  return { severity: 'error', code: 'names-wrapped', message, file: input.checkpoint.path };
};

interface WrappedSide {
  readonly role: string;
  readonly other: string;
  readonly wrapper: Wrapper;
  readonly count: number;
}

function explainWrappedTemplate(facts: Parameters<Explanation>[0]): WrappedSide | null {
  const { template, input, unmatched } = facts;
  const loose = new Set(unmatched);
  const wrapped = missingNames(facts).filter((name) => unwrapName(name).wrappers.length > 0 && loose.has(unwrapName(name).name));
  const wrapper = mostFrequent(wrapped.flatMap((name) => unwrapName(name).wrappers));
  return wrapper === null ? null : { role: template.role, other: input.role, wrapper, count: wrapped.length };
}

/** A wrapper may hide that the model inside has one prefix more. */
function stripModel(name: string): string {
  return name.replace(/^model\./, '');
}

function mostFrequent(found: readonly Wrapper[]): Wrapper | null {
  const counts = new Map<Wrapper, number>();
  for (const wrapper of found) counts.set(wrapper, (counts.get(wrapper) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}
