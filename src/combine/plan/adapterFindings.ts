import { plural } from '../../base/format.js';
import type { Finding } from '../../checkpoint/index.js';
import { adapterTitle } from '../../model/adapters/index.js';
import { vocabularyPart } from '../../model/vocabulary/index.js';
import type { MatchedInput } from './matchSources.js';
import type { Roles } from './roles.js';

/** What is to be known of adapters whose change is added without their base. */
export function adapterFindings({ template }: Roles, matched: readonly MatchedInput[]): Finding[] {
  return matched.flatMap(({ input, tensors }) => {
    const { adapter } = input.checkpoint;
    if (adapter === null || input.diffVector === null) return [];
    const made = adapter.baseModel === null ? 'its base' : adapter.baseModel;
    const message = `${input.role} is a ${adapterTitle(adapter)} that only adds to ${plural(tensors.size, 'weight')} of ${made}: ΔW is added to those of ${matched[template]!.input.role}, and ${made} is not needed.`;
    return [{ severity: 'info', code: 'adapter-added', message } as const, ...tiedFinding(input.role, template, matched, tensors.keys())];
  });
}

/** A change of an embedding is one of the head as well where its base ties them, which only the base tells. */
function tiedFinding(role: string, template: number, matched: readonly MatchedInput[], names: Iterable<string>): Finding[] {
  const { tensors } = matched[template]!.input;
  const head = tensors.find(({ name }) => vocabularyPart(name) === 'head');
  const changed = new Set(names);
  const embedding = [...changed].find((name) => vocabularyPart(name) === 'embedding');
  if (head === undefined || embedding === undefined || changed.has(head.name)) return [];
  const message = `${role} changes ${embedding}; whether its base uses that for the output head as well is not known without the base. ${head.name} stays as it is.`;
  return [{ severity: 'warning', code: 'adapter-changes-embedding', message, tensor: embedding }];
}
