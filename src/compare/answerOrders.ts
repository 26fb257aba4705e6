import type { Finding } from '../checkpoint/index.js';
import type { OrderQuestion } from '../model/correspondence/index.js';
import { checkOrder, describeSample, leastCosine, rereadMatch, type OrderEvidence, type Reread } from './checkOrder.js';
import type { Comparand } from './comparand.js';
import { withAnswer, type Matching } from './matchComparands.js';
import { planMatching, treat, type ComparisonPlan } from './planComparison.js';
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
    const message = `${subject}: names and shapes do not say how its values lie in both versions, and neither do the values: ${describeSample(evidence, candidates)}. Compared as named (${named}).`;
    return [{ severity: 'warning', code: 'order-unchecked', message }];
  }
  const message = `${subject}: the versions store its values in another order than their names say. Read as "${candidates[answer]!.label}", which fits, and not as "${named}": ${describeSample(evidence, candidates)}.`;
  return [{ severity: 'warning', code: 'order-by-values', message }];
}

/**
 * Looks again at pairs of equal names and shapes whose values hardly agree: a square matrix may be stored transposed, the parts of a
 * fused one packed in another order. What is found is to be compared once more.
 */
export class SecondLook {
  /** By the pair's index. */
  readonly #found = new Map<number, Reread>();

  constructor(private readonly plan: ComparisonPlan) {}

  /** Whether another reading fits the pair's values better than the one that gave these statistics. */
  readonly isDoubtful = (index: number, { cosine, comparedCount }: DeltaStatistics): boolean => {
    if (this.#found.has(index) || !(cosine < leastCosine) || comparedCount < 4) return false;
    const { a, b, matching } = this.plan;
    const { match } = this.plan.pairs[index]!;
    const reread = match && rereadMatch(a, b, match, matching.facts);
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
    for (const [pair, { alternative }] of this.#found) {
      const planned = pairs[pair]!;
      const other: Comparand = { ...planned.pair.b!, storage: alternative.values };
      const reordered = { a: planned.pair.a!, b: other };
      pairs[pair] = { ...planned, pair: reordered, matchedBy: alternative.reason, treatment: treat(reordered, a, b) };
    }
    return {
      plan: { ...this.plan, pairs },
      findings: [...this.#found].map(([pair, found]) => describeReread(this.plan.pairs[pair]!.pair.a!.name, found)),
    };
  }
}

function describeReread(tensor: string, { alternative, evidence, candidates }: Reread): Finding {
  const message = `${tensor}: B stores it ${alternative.label}, and is compared so: ${describeSample(evidence, candidates)}.`;
  return { severity: 'warning', code: 'order-by-values', message, tensor };
}
