import type { Finding } from '../checkpoint/index.js';
import { formatBytes, formatCount, formatNumber } from '../base/format.js';
import { alternativesOf, type Alternative, type OrderQuestion } from '../model/correspondence/index.js';
import { checkOrder, checkReadings, leastCosine, type OrderEvidence } from './checkOrder.js';
import type { Comparand } from './comparand.js';
import { withAnswer, type Matching } from './matchComparands.js';
import { planMatching, treat, type ComparisonPlan, type PlannedPair } from './planComparison.js';
import type { DeltaStatistics } from './report/index.js';

/** A plan whose open questions were put to the values. */
export interface AnsweredPlan {
  readonly plan: ComparisonPlan;
  readonly findings: readonly Finding[];
}

/** Answers what names and shapes leave open by a sample of the values. Where they do not tell, it stays as named, and is said. */
export function answerOrders(plan: ComparisonPlan): AnsweredPlan {
  const { a, b, sameFiles } = plan;
  const { questions } = plan.matching.correspondence;
  if (questions.length === 0 || sameFiles) return { plan, findings: [] };
  let matching: Matching = plan.matching;
  const findings = questions.flatMap((question, index) => {
    const evidence = checkOrder(a, b, plan.matching.correspondence, question);
    if (evidence.answer !== null && evidence.answer > 0) matching = withAnswer(matching, index, evidence.answer);
    return describeAnswer(question, evidence);
  });
  return { plan: planMatching(a, b, matching), findings };
}

function describeAnswer({ subject, candidates }: OrderQuestion, evidence: OrderEvidence): Finding[] {
  const { answer } = evidence;
  const named = candidates[0]!.label;
  if (answer === 0) return [];
  if (answer === null) {
    const message = `${subject}: names and shapes do not say how its values lie in both versions, and neither do the values: ${sampleText(evidence, candidates)}. Compared as named (${named}).`;
    return [{ severity: 'warning', code: 'order-unchecked', message }];
  }
  const message = `${subject}: the versions store its values in another order than their names say. Read as "${candidates[answer]!.label}", which fits, and not as "${named}": ${sampleText(evidence, candidates)}.`;
  return [{ severity: 'warning', code: 'order-by-values', message }];
}

function sampleText({ cosines, valueCount, byteLength }: OrderEvidence, candidates: readonly { readonly label: string }[]): string {
  const order = cosines.map((_, index) => index).sort((x, y) => cosines[y]! - cosines[x]!);
  const best = order.slice(0, 2).map((index) => `"${candidates[index]!.label}" ${formatNumber(cosines[index]!)}`);
  return `cosine ${best.join(', ')} over ${formatCount(valueCount)} sampled values (${formatBytes(byteLength)} read; from ${leastCosine} on, and ahead by 0.1, an order is taken)`;
}

/** A pair whose values do not agree, and another reading of B's that fits. */
interface Reread {
  readonly pair: number;
  readonly alternative: Alternative;
  readonly evidence: OrderEvidence;
  readonly labels: readonly { readonly label: string }[];
}

/**
 * Looks again at pairs of equal names and shapes whose values hardly agree: a square matrix may be stored transposed, the parts of a
 * fused one packed in another order. What is found is to be compared once more.
 */
export class SecondLook {
  readonly #found = new Map<number, Reread>();

  constructor(private readonly plan: ComparisonPlan) {}

  /** Whether another reading fits the pair's values better than the one that gave these statistics. */
  readonly isDoubtful = (index: number, { cosine, comparedCount }: DeltaStatistics): boolean => {
    if (this.#found.has(index) || !(cosine < leastCosine) || comparedCount < 4) return false;
    const reread = rereadPair(this.plan, this.plan.pairs[index]!, index);
    if (reread !== null) this.#found.set(index, reread);
    return reread !== null;
  };

  /** Pairs to be compared again. */
  get pairs(): ReadonlySet<number> {
    return new Set(this.#found.keys());
  }

  /** The plan with those pairs as they fit. */
  replan(): AnsweredPlan {
    const { a, b } = this.plan;
    const pairs = [...this.plan.pairs];
    for (const { pair, alternative } of this.#found.values()) {
      const planned = pairs[pair]!;
      const other: Comparand = { ...planned.pair.b!, storage: alternative.values };
      const reordered = { a: planned.pair.a!, b: other };
      pairs[pair] = { ...planned, pair: reordered, matchedBy: alternative.reason, treatment: treat(reordered, a, b) };
    }
    return { plan: { ...this.plan, pairs }, findings: [...this.#found.values()].map((found) => describeReread(found, this.plan)) };
  }
}

function rereadPair({ a, b, matching }: ComparisonPlan, { match }: PlannedPair, index: number): Reread | null {
  const alternatives = match === null ? [] : alternativesOf(match, matching.facts);
  if (match === null || alternatives.length === 0) return null;
  const [own, other] = [match.a.values!, match.kind === 'whole' ? match.b.values! : match.values];
  const evidence = checkReadings(
    { version: a, values: own, name: match.a.name },
    { version: b, values: other, name: match.a.name },
    alternatives.map(({ values }) => values),
  );
  if (evidence.answer === null || evidence.answer === 0) return null;
  return { pair: index, alternative: alternatives[evidence.answer - 1]!, evidence, labels: [{ label: 'as named' }, ...alternatives] };
}

function describeReread({ pair, alternative, evidence, labels }: Reread, plan: ComparisonPlan): Finding {
  const { name } = plan.pairs[pair]!.pair.a!;
  const message = `${name}: B stores it ${alternative.label}, and is compared so: ${sampleText(evidence, labels)}.`;
  return { severity: 'warning', code: 'order-by-values', message, tensor: name };
}
