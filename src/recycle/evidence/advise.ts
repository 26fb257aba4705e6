import { describeUnmeasured, isMeasurable } from '../../connectivity/line/measurable.js';
import { formatEstimate, formatScore, lossName } from '../../connectivity/report/index.js';
import { gain, type Estimate } from '../../connectivity/scoring/estimate.js';
import type { TaskScore } from '../../evaluate/report/index.js';
import type { Advice, Reason, RoundEvidence, TaskEvidence } from '../report/advice.js';

/**
 * Whether to start a fine-tune from the transferred model, after the rules that the evidence of Lin et al. 2025 supports
 * (§§ 2, 4, 7): the earlier fine-tune has to be ahead of the new base, the new base may not be behind the old one, and the
 * transferred model has to show its gain by itself. A low barrier alone decides nothing. Differences count where they are
 * larger than noise.
 */
export function advise(evidence: RoundEvidence): Advice {
  const { refusals, brokenTensors, tasks } = evidence;
  if (refusals.length > 0) return { advice: 'fine-tune plainly', reasons: refusals.map(cannotForm) };
  if (brokenTensors.length > 0) return { advice: 'look closer', reasons: brokenTensors.map(brokenTensor) };
  if (tasks.length === 0) return { advice: 'look closer', reasons: [nothingMeasured] };
  const carried = tasks.filter(isAhead);
  if (carried.length === 0) return adviseWithoutGain(evidence);
  const reasons = tasks.flatMap((task) => (carried.includes(task) ? reasonsOfCarried(task) : reasonsOfOther(task)));
  const isClear = reasons.every(({ stance }) => stance === 'for' || stance === 'remark');
  return { advice: isClear ? 'recycle' : 'look closer', reasons };
}

const nothingMeasured: Reason = {
  stance: 'open',
  sentence: 'Nothing was measured: the lineage names no task. Add texts or questions of the kind that the fine-tune is for.',
};

function cannotForm(refusal: string): Reason {
  return { stance: 'against', sentence: `The start cannot be formed: ${refusal}` };
}

function brokenTensor(tensor: string): Reason {
  return { stance: 'against', sentence: `The start has values that are NaN or infinite in ${tensor}, so its scores mean nothing.` };
}

/** Whether the earlier fine-tune is better than the new base: only then there is something to carry over. */
function isAhead({ previousFineTune, base }: TaskEvidence): boolean {
  return isMeasurable(gain(base, previousFineTune));
}

function adviseWithoutGain({ tasks }: RoundEvidence): Advice {
  const isBehind = ({ previousFineTune, base }: TaskEvidence): boolean => isMeasurable(gain(previousFineTune, base));
  const reasons = tasks.map((task) => sourceReason(task, isBehind(task) ? 'against' : 'open'));
  return { advice: tasks.every(isBehind) ? 'fine-tune plainly' : 'look closer', reasons };
}

function reasonsOfCarried(task: TaskEvidence): Reason[] {
  return [
    sourceReason(task, 'for'),
    capabilityReason(task),
    startReason(task),
    ...barrierReason(task),
    ...optimumReason(task),
    ...levelReason(task),
  ];
}

function sourceReason(task: TaskEvidence, stance: 'for' | 'against' | 'open'): Reason {
  const { previousFineTune, base } = task;
  const carried = gain(base, previousFineTune);
  const verdicts = {
    for: 'there is something to carry over',
    against: 'the new base is ahead already, so there is nothing to carry over',
    open: describeUnmeasured(carried, task.task),
  };
  const facts = `${on(task)} the earlier fine-tune has ${loss(task, previousFineTune)}, the new base ${formatScore(base)}`;
  return { stance, sentence: `${facts}: ${verdicts[stance]} (${amount(task, carried)}).` };
}

/** Weak targets made little of a transfer: at most 43 % of the gain of fine-tuning, M1 to M3 of Table 3. */
function capabilityReason(task: TaskEvidence): Reason {
  const { previousBase, base } = task;
  const loses = gain(base, previousBase);
  const isWeak = isMeasurable(loses);
  const verdict = isWeak ? `worse by ${amount(task, loses)}, and weak targets have made little of a transfer` : 'not measurably worse';
  return {
    stance: isWeak ? 'against' : 'for',
    sentence: `${on(task)} the new base has ${loss(task, base)}, the old one ${formatScore(previousBase)}: the new one is ${verdict}.`,
  };
}

/** What the paper judges a transfer by: the merge against the target. */
function startReason(task: TaskEvidence): Reason {
  const { base, start } = task;
  const better = gain(base, start);
  const worse = gain(start, base);
  const facts = `${on(task)} the start has ${loss(task, start)} before any training, the new base ${formatScore(base)}`;
  if (isMeasurable(better)) return { stance: 'for', sentence: `${facts}: better by ${amount(task, better)}.` };
  if (isMeasurable(worse)) return { stance: 'against', sentence: `${facts}: worse by ${amount(task, worse)}.` };
  return { stance: 'open', sentence: `${facts}: ${describeUnmeasured(better, task.task)} (${amount(task, better)}).` };
}

function barrierReason({ barrier }: TaskEvidence): Reason[] {
  if (barrier === null) return [];
  const stance = barrier.verdict === 'barrier' ? 'against' : 'remark';
  return [{ stance, sentence: `Between the two bases: ${barrier.sentence}` }];
}

function optimumReason({ optimum }: TaskEvidence): Reason[] {
  return optimum === null ? [] : [{ stance: 'remark', sentence: `${optimum.sentence} The paper uses λ = 1 throughout.` }];
}

/** "If the merge is already at the fine-tune's level, stop": § 5, M5 + Δ4. */
function levelReason(task: TaskEvidence): Reason[] {
  const { previousFineTune, start } = task;
  if (isMeasurable(gain(start, previousFineTune)) || !isMeasurable(gain(task.base, start))) return [];
  const sentence = `${on(task)} the start is not measurably behind the earlier fine-tune (${formatScore(start)} against ${formatScore(previousFineTune)}): if that is enough, no training is needed.`;
  return [{ stance: 'remark', sentence }];
}

/** A task that the fine-tune was not for: what the start loses there. */
function reasonsOfOther(task: TaskEvidence): Reason[] {
  const { base, start, previousFineTune } = task;
  const lost = gain(start, base);
  if (!isMeasurable(lost))
    return [
      {
        stance: 'remark',
        sentence: `${on(task)} the start has ${loss(task, start)}, the new base ${formatScore(base)}: nothing is lost measurably.`,
      },
    ];
  const isBeyond = isMeasurable(gain(start, previousFineTune));
  const price = isBeyond ? 'more than the earlier fine-tune lost' : 'the earlier fine-tune paid this price too';
  const sentence = `${on(task)} the start has ${loss(task, start)}, the new base ${formatScore(base)}: worse by ${amount(task, lost)} before any training; ${price} (${formatScore(previousFineTune)}).`;
  return [{ stance: isBeyond ? 'against' : 'remark', sentence }];
}

function on({ task }: TaskEvidence): string {
  return `On ${task.name}`;
}

function loss({ task }: TaskEvidence, score: TaskScore): string {
  const { noun, unit } = lossName(task);
  return `${noun} ${formatScore(score)}${unit}`;
}

function amount({ task }: TaskEvidence, estimate: Estimate): string {
  return `${formatEstimate(estimate.value, estimate.standardError)}${lossName(task).unit}`;
}
