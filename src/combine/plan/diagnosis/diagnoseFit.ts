import { plural } from '../../../base/format.js';
import { andList, nameList } from '../../../base/nameList.js';
import type { Refusal } from '../../plan.js';
import type { Mismatch } from '../mismatch.js';
import type { Explanation, FitFacts } from './facts.js';
import { narrowPatterns } from './narrowPatterns.js';
import { explainDivision, explainNames } from './otherLayout.js';
import { explainSize } from './otherSize.js';

/** What may explain most of the mismatches, the most certain first. */
const explanations: readonly Explanation[] = [explainDivision, explainSize, explainNames];

/**
 * Why an input does not fit the template, as reasons to refuse. One cause, where one explains it; else tensor by tensor, with
 * patterns that leave out just these.
 */
export function diagnoseFit(facts: FitFacts): Refusal[] {
  if (facts.mismatches.length + facts.unplaced.length === 0) return [];
  for (const explain of explanations) {
    const refusal = explain(facts);
    if (refusal !== null) return [refusal];
  }
  return [
    ...(['missing', 'shape', 'dtype'] as const).flatMap((kind) =>
      mismatchRefusal(
        kind,
        facts.mismatches.filter((mismatch) => mismatch.kind === kind),
        facts,
      ),
    ),
    ...unplacedRefusal(facts),
  ];
}

/** Parts of models that text models do not have. */
const towers: readonly (readonly [what: string, names: RegExp])[] = [
  ['images', /(?:^|[._])(?:vision|visual|image|vit|mm_projector|multi_modal_projector|multimodal_projector|merger|img)/],
  ['sound', /(?:^|[._])(?:audio|speech|sound|codec|thinker_audio)/],
];

/** `for images`, where all names are of such a part; empty otherwise. */
function purposeOf(names: readonly string[]): string {
  const found = towers.filter(([, pattern]) => names.some((name) => pattern.test(name)));
  const isAll = names.every((name) => found.some(([, pattern]) => pattern.test(name)));
  return isAll ? ` for ${andList(found.map(([what]) => what))}` : '';
}

const codes = { missing: 'tensor-missing', shape: 'tensor-shape', dtype: 'tensor-dtype' } as const;

function mismatchRefusal(kind: Mismatch['kind'], found: readonly Mismatch[], { template, input, fitting }: FitFacts): Refusal[] {
  const [first] = found;
  if (first === undefined) return [];
  const names = found.map(({ tensor }) => tensor);
  const patterns = narrowPatterns(names, fitting);
  const example = kind === 'missing' ? '' : ` (${first.reason})`;
  const message = `${describeMismatch(kind, names, template.role, input.role)}${example}. ${remedy(patterns, `keep those of ${template.role}`)}`;
  return [{ severity: 'error', code: codes[kind], message, tensor: first.tensor, patterns }];
}

function describeMismatch(kind: Mismatch['kind'], names: readonly string[], template: string, input: string): string {
  const tensors = `${plural(names.length, 'tensor')} of ${template}`;
  const purpose = purposeOf(names);
  switch (kind) {
    case 'missing':
      if (purpose !== '')
        return `${template} has a part${purpose} that ${input} lacks: ${plural(names.length, 'tensor')}, ${nameList(names)}`;
      return `${tensors} that ${input} lacks: ${nameList(names)}`;
    case 'shape':
      return `${tensors} of another shape in ${input}: ${nameList(names)}`;
    case 'dtype':
      return `${tensors} not stored as floating-point values in ${input}: ${nameList(names)}`;
    default:
      return kind satisfies never;
  }
}

function unplacedRefusal({ template, input, unplaced }: FitFacts): Refusal[] {
  const [first] = unplaced;
  if (first === undefined) return [];
  const lost = new Set(unplaced);
  const placed = input.tensors.map(({ name }) => name).filter((name) => !lost.has(name));
  const patterns = narrowPatterns(unplaced, placed);
  const purpose = purposeOf(unplaced);
  const says =
    purpose === ''
      ? `${plural(unplaced.length, 'tensor')} of ${input.role} that ${template.role} lacks: ${nameList(unplaced)}.`
      : `${input.role} has a part${purpose} that ${template.role} lacks: ${plural(unplaced.length, 'tensor')}, ${nameList(unplaced)}.`;
  const message = `${says} ${remedy(patterns, 'carry over the rest without them')}`;
  return [{ severity: 'error', code: 'tensor-not-in-target', message, tensor: first, patterns }];
}

function remedy(patterns: readonly string[], purpose: string): string {
  if (patterns.length === 0) return 'Choose versions of one architecture.';
  return `To ${purpose}, exclude ${andList(patterns.map((pattern) => `'${pattern}'`))}; else choose versions of one architecture.`;
}
